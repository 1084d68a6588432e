/** Serves the screen's and the input's files locally, as the platform's static assets do when hosted. */

interface Env {
  readonly PUBLIC: { fetch(url: string): Promise<Response> };
  readonly INPUT: { fetch(url: string): Promise<Response> };
}

const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  webmanifest: "application/manifest+json",
};

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/input/"))
      return env.INPUT.fetch(`http://disk${pathname.slice("/input".length)}`);
    const path = pathname.endsWith("/")
      ? `${pathname}index.html`
      : pathname.replace(/^\/docs$/, "/docs.html");
    const file = await env.PUBLIC.fetch(`http://disk${path}`);
    const contentType = contentTypes[path.slice(path.lastIndexOf(".") + 1)];
    // The disk lists a folder as JSON: only files with a known ending are public.
    if (!file.ok || contentType === undefined) return new Response(null, { status: 404 });
    return new Response(file.body, { headers: { "content-type": contentType, "cache-control": "no-cache" } });
  },
};
