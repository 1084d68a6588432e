import { type IRequest, type RequestHandler, Router } from "itty-router";
import type { ExportRequest } from "../../community/records/export.ts";
import { type CommandOrigin, type CommunityRequest, unknownOrigin } from "../../community/state/request.ts";
import { type Answer, type Refusal, refuse } from "../../notation/refusal.ts";
import { noStore, respondRefusal } from "./errors.ts";
import { exportTypes, parseExport } from "./exports.ts";
import { readGivenParameters } from "./given-parameters.ts";
import { readOrigin } from "./origin.ts";
import { type Route, routes } from "./routes.ts";

/** Where requests are answered, and what is told of what went wrong. */
export interface Backend {
  /** The longest body or query that is read. */
  readonly requestBytes: number;
  /** Why this request may not change the community, or null if it may. */
  refuseChange(request: Request): Refusal | null;
  answer(request: CommunityRequest, origin: CommandOrigin): Promise<Answer> | Answer;
  /** Who sends a command, as the log of commands may keep it. */
  sourceOf(request: Request): Promise<string> | string;
  /** The paths at which records are served, or undefined where the configuration keeps them in. */
  exportPaths(): Readonly<Record<ExportRequest["of"], string | undefined>>;
  export(request: ExportRequest): Promise<ReadableStream>;
  /** Opens the WebSocket on which a screen is told of every change. */
  connect(request: Request): Promise<Response>;
  /** Serves what is no path of the Web API: the screen's files. */
  serveFile(request: Request): Promise<Response>;
  onRefusal(request: Request, refusal: Refusal): void;
  onFailure(request: Request, error: unknown): void;
}

type Handler = RequestHandler<IRequest, [Backend]>;

function serve(route: Route): Handler {
  const allowed = route.changes ? ["GET", "POST"] : ["GET", "HEAD"];
  return async (request, backend) => {
    const barred = route.changes ? backend.refuseChange(request) : null;
    if (barred !== null) return respondRefusal(barred);
    const answer = allowed.includes(request.method)
      ? await answerGiven(route, request, backend)
      : refuseMethod(request, allowed);
    if (answer.ok) {
      const { json, contentType = "application/json", fileName } = answer;
      const asFile = fileName && { "content-disposition": `attachment; filename="${fileName}"` };
      return new Response(json, { headers: { "content-type": contentType, ...noStore, ...asFile } });
    }
    backend.onRefusal(request, answer.refusal);
    const headers = answer.refusal.code === "method_not_allowed" ? { allow: allowed.join(", ") } : {};
    return respondRefusal(answer.refusal, headers);
  };
}

async function answerGiven(route: Route, request: IRequest, backend: Backend): Promise<Answer> {
  const given = await readGivenParameters(request, backend.requestBytes);
  if (!given.ok) return given;
  const parsed = route.parse(request.params?.id ?? "", given.value);
  if (!parsed.ok) return parsed;
  if (!route.changes) return backend.answer(parsed.value, unknownOrigin);
  return backend.answer(parsed.value, readOrigin(request, given.value, await backend.sourceOf(request)));
}

function refuseMethod(request: Request, allowed: readonly string[]) {
  return refuse(
    "method_not_allowed",
    `${request.method} is not allowed here; allowed: ${allowed.join(", ")}`,
  );
}

const connect: Handler = async (request, backend) => {
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return backend.connect(request);
  const { refusal } = refuse("invalid_parameter", "Open this path as a WebSocket", "upgrade");
  backend.onRefusal(request, refusal);
  return respondRefusal(refusal);
};

const serveRest = async (request: IRequest, backend: Backend): Promise<Response> => {
  const response = ["GET", "HEAD"].includes(request.method) ? await backend.serveFile(request) : null;
  if (response !== null && response.status !== 404) return response;
  const { refusal } = refuse("not_found", "There is nothing at this path");
  backend.onRefusal(request, refusal);
  return respondRefusal(refusal);
};

const serveExport: Handler = async (request, backend) => {
  const { pathname } = new URL(request.url);
  const paths = backend.exportPaths();
  const of = (["summary", "individual", "commands"] as const).find((name) => paths[name] === pathname);
  if (of === undefined) return serveRest(request, backend);
  const given = await readGivenParameters(request, backend.requestBytes);
  const parsed = given.ok ? parseExport(of, given.value) : given;
  if (parsed.ok) {
    const headers = { "content-type": exportTypes[parsed.value.format], ...noStore };
    return new Response(await backend.export(parsed.value), { headers });
  }
  backend.onRefusal(request, parsed.refusal);
  return respondRefusal(parsed.refusal);
};

function respondFailure(error: unknown, request: IRequest, backend: Backend): Response {
  backend.onFailure(request, error);
  return respondRefusal({ code: "internal", message: "The emulator failed; its log says why" });
}

const router = Router<IRequest, [Backend]>({ catch: respondFailure });
router.get("/live", connect);
for (const route of routes) router.all(route.path, serve(route));
router.get("*", serveExport);
router.all("*", serveRest);

/** Answers any HTTP request; it never throws and never leaves one without an answer. */
export async function respond(request: Request, backend: Backend): Promise<Response> {
  const response: Response = await router.fetch(request as IRequest, backend);
  return request.method === "HEAD" ? new Response(null, response) : response;
}
