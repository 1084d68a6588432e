/** Where files are read from by their path. */
export interface Files {
  fetch(request: Request | string): Promise<Response>;
}

/** The platform's static assets; or on a local run the folders of public files and of compiled input. */
export interface FilePlace {
  readonly ASSETS?: Files;
  readonly PUBLIC?: Files;
  readonly INPUT?: Files;
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

/** The files of the screen, and below `/input` the compiled input. */
export function openFiles({ ASSETS, PUBLIC, INPUT }: FilePlace): Files {
  if (ASSETS !== undefined) return ASSETS;
  if (PUBLIC === undefined || INPUT === undefined) throw new Error("No files are bound");
  return { fetch: (request) => readFromDisk(request, PUBLIC, INPUT) };
}

async function readFromDisk(
  request: Request | string,
  publicDisk: Files,
  inputDisk: Files,
): Promise<Response> {
  const { pathname } = new URL(typeof request === "string" ? request : request.url);
  if (pathname.startsWith("/input/")) return inputDisk.fetch(`http://disk${pathname.slice("/input".length)}`);
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname.replace(/^\/docs$/, "/docs.html");
  const file = await publicDisk.fetch(`http://disk${path}`);
  const contentType = contentTypes[path.slice(path.lastIndexOf(".") + 1)];
  // The disk lists a folder as JSON: only files with a known ending are public.
  if (!file.ok || contentType === undefined) return new Response(null, { status: 404 });
  const headers = { "content-type": contentType, "cache-control": "no-cache" };
  return new Response(file.body, { headers });
}
