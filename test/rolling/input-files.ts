/** Serves compiled input alone, as the platform's static assets do among all their files. */
export default {
  fetch(
    request: Request,
    env: { readonly INPUT: { fetch(url: string): Promise<Response> } },
  ): Promise<Response> {
    return env.INPUT.fetch(`http://disk${new URL(request.url).pathname.slice("/input".length)}`);
  },
};
