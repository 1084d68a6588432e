import type { ExportRequest } from "../../community/records/export.ts";
import { type CommandOrigin, type CommunityRequest, unknownOrigin } from "../../community/state/request.ts";
import type { DataOffer } from "../../community/storage/keep-data.ts";
import { writeReportPage } from "../../input/import/report-page.ts";
import type { Checked } from "../../notation/parameters.ts";
import { type Answer, type AnswerFault, type Refusal, type Refused, refuse } from "../../notation/refusal.ts";
import { compressionFor } from "./compression.ts";
import { noStore, respondRefusal } from "./errors.ts";
import { exportTypes, parseExport } from "./exports.ts";
import { type Found, findRoute } from "./find-route.ts";
import { mediaTypeOf, readBody, readFileBody, readGivenParameters } from "./given-parameters.ts";
import { homesBodyBytes } from "./home-commands.ts";
import { keptSource, readOrigin } from "./origin.ts";
import type { AnswerRoute, BodyRoute, ExportRoute, Route } from "./routes.ts";
import { stepBodyBytes } from "./step-bodies.ts";
import { readUpload } from "./uploads.ts";

/** Where requests are answered, and what is told of what went wrong. */
export interface Backend {
  /** The longest body or query that is read. */
  readonly requestBytes: number;
  /** Whether answers are compressed here for whom that asks; elsewhere the platform's edge does. */
  readonly compresses: boolean;
  answer(request: CommunityRequest, origin: CommandOrigin): Promise<Answer> | Answer;
  /** Answers what a JSON body asks for at a path that takes one; what is long is streamed. */
  answerBody(path: string, body: string, origin: CommandOrigin): Promise<Answer | ReadableStream>;
  /** The longest upload that is read. */
  readonly uploadBytes: number;
  /** Lets others have their turn. */
  rest(): Promise<unknown>;
  /** Keeps data whose rows come in a stream. */
  keepData(offer: DataOffer, rows: ReadableStream<Uint8Array>): Promise<Answer>;
  /** Who sends a command, as the log of commands may keep it. */
  sourceOf(request: Request): Promise<string> | string;
  export(request: ExportRequest): Promise<ReadableStream | Refused>;
  /** Opens the WebSocket on which a screen is told of every change. */
  connect(request: Request): Promise<Response>;
  /** Opens the WebSocket of a session, which steps the community. */
  openSession(request: Request): Promise<Response>;
  /** Ends the connection on which a request came, without an answer. */
  endConnection(): Response;
  /** Serves what is no path of the Web API: the screen's files. */
  serveFile(request: Request): Promise<Response>;
  onRefusal(request: Request, refusal: Refusal): void;
  onFailure(request: Request, error: unknown): void;
}

/**
 * Answers any HTTP request whose path is `found` in the table of routes, or is none of them; it never throws and
 * never leaves one without an answer.
 */
export async function respond(request: Request, found: Found | null, backend: Backend): Promise<Response> {
  const response = await serve(request, found, backend).catch((error) => {
    backend.onFailure(request, error);
    return respondRefusal({ code: "internal", message: "The emulator failed; its log says why" });
  });
  return request.method === "HEAD" ? new Response(null, response) : response;
}

/** The request of a community that a path with its query means. */
export async function parsePath(path: string, maximumBytes: number): Promise<Checked<CommunityRequest>> {
  const request = new Request(`http://community${path}`);
  const found = findRoute(new URL(request.url).pathname);
  if (found?.route.kind !== "answer") return refuse("not_found", "There is nothing at this path");
  const given = await readGivenParameters(request, maximumBytes);
  return given.ok ? found.route.parse(found.id, given.value) : given;
}

async function serve(request: Request, found: Found | null, backend: Backend): Promise<Response> {
  if (found === null) return serveFile(request, backend);
  const { route, id } = found;
  const allowed = methodsOf(route);
  if (!allowed.includes(request.method)) {
    const { refusal } = refuse(
      "method_not_allowed",
      `${request.method} is not allowed here; allowed: ${allowed.join(", ")}`,
    );
    backend.onRefusal(request, refusal);
    return respondRefusal(refusal, { allow: allowed.join(", ") });
  }
  switch (route.kind) {
    case "answer":
      if (request.method === "PUT" && route.upload !== undefined) return serveUpload(request, backend);
      if (request.method === "PUT") return servePut(request, route, backend);
      return serveAnswer(request, route, id, backend);
    case "body":
      return serveBody(request, route, backend);
    case "export":
      return serveExport(request, route, backend);
    case "live":
      return connect(request, backend, backend.connect);
    case "session":
      return connect(request, backend, backend.openSession);
  }
}

async function serveAnswer(
  request: Request,
  route: AnswerRoute,
  id: string,
  backend: Backend,
): Promise<Response> {
  const answer = await answerGiven(request, route, id, backend);
  if (route.isPage === true && answer.ok && acceptsPage(request))
    return respondPage(writeReportPage(JSON.parse(answer.json).report));
  const fault = answer.ok ? answer.fault : undefined;
  return fault === undefined ? writeAnswer(request, answer, backend) : hold(request, answer, fault, backend);
}

/** Answers as the hardware would whose fault this is. Nobody else waits for it. */
async function hold(
  request: Request,
  answer: Answer,
  fault: AnswerFault,
  backend: Backend,
): Promise<Response> {
  const { waitMs, isLost, status } = fault;
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (isLost) return backend.endConnection();
  if (status === null) return writeAnswer(request, answer, backend);
  const error = { code: "fault", message: `A fault of the hardware answers with status ${status}` };
  return Response.json({ error }, { status, headers: noStore });
}

/** Reads files, and keeps the data that they hold. */
async function serveUpload(request: Request, backend: Backend): Promise<Response> {
  const given = await readGivenParameters(request, backend.requestBytes);
  if (!given.ok) return refuseWith(given.refusal, request, backend);
  const read = await readUpload(request, given.value, backend.uploadBytes, backend.rest);
  if (!read.ok) return refuseWith(read.refusal, request, backend);
  const { offer, report, rows } = read.value;
  const answer = await backend.keepData(offer, rows);
  if (answer.ok && acceptsPage(request)) return respondPage(writeReportPage(report));
  return writeAnswer(request, answer, backend);
}

function acceptsPage({ headers }: Request): boolean {
  return (headers.get("accept") ?? "").includes("text/html");
}

function respondPage(html: string): Response {
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8", ...noStore } });
}

function writeAnswer(request: Request, answer: Answer, backend: Backend): Response {
  if (!answer.ok) return refuseWith(answer.refusal, request, backend);
  const { json, contentType = "application/json", fileName } = answer;
  const asFile = fileName && { "content-disposition": `attachment; filename="${fileName}"` };
  const packed = backend.compresses ? compressionFor(request, json.length) : {};
  return new Response(json, { headers: { "content-type": contentType, ...noStore, ...asFile, ...packed } });
}

async function answerGiven(
  request: Request,
  route: AnswerRoute,
  id: string,
  backend: Backend,
): Promise<Answer> {
  const given = await readGivenParameters(request, backend.requestBytes);
  if (!given.ok) return given;
  const parsed = route.parse(id, given.value);
  if (!parsed.ok) return parsed;
  if (!route.changes) return backend.answer(parsed.value, unknownOrigin);
  return backend.answer(parsed.value, readOrigin(request, given.value, await backend.sourceOf(request)));
}

async function serveBody(request: Request, route: BodyRoute, backend: Backend): Promise<Response> {
  const answer = await answerBody(request, route, backend);
  if ("ok" in answer) return writeAnswer(request, answer, backend);
  const packed = backend.compresses ? compressionFor(request, Number.POSITIVE_INFINITY) : {};
  return new Response(answer, { headers: { "content-type": "application/json", ...noStore, ...packed } });
}

/** Answers what a JSON body asks for. */
async function answerBody(
  request: Request,
  route: BodyRoute,
  backend: Backend,
): Promise<Answer | ReadableStream> {
  if (mediaTypeOf(request) !== "application/json")
    return refuse("invalid_parameter", "The body must be application/json", "content-type");
  const body = await readBody(request, stepBodyBytes);
  if (!body.ok) return body;
  const origin = { path: route.path, source: keptSource(await backend.sourceOf(request)) };
  return backend.answerBody(route.path, body.value, origin);
}

/** Answers what a body asks for that takes the place of what is told at a path. */
async function servePut(request: Request, { path }: AnswerRoute, backend: Backend): Promise<Response> {
  const body = await readFileBody(request, homesBodyBytes);
  if (!body.ok) return writeAnswer(request, body, backend);
  const origin = readOrigin(request, {}, await backend.sourceOf(request));
  const answer = await backend.answerBody(path, body.value, origin);
  if ("ok" in answer) return writeAnswer(request, answer, backend);
  return new Response(answer, { headers: { "content-type": "application/json", ...noStore } });
}

function methodsOf(route: Route): string[] {
  if (route.kind === "answer" && (route.put ?? route.upload) !== undefined) return ["GET", "HEAD", "PUT"];
  if (route.kind === "body") return ["POST"];
  if (route.kind === "session") return ["GET"];
  return route.changes ? ["GET", "POST"] : ["GET", "HEAD"];
}

async function serveExport(request: Request, { of }: ExportRoute, backend: Backend): Promise<Response> {
  const given = await readGivenParameters(request, backend.requestBytes);
  const parsed = given.ok ? parseExport(of, given.value) : given;
  if (!parsed.ok) return refuseWith(parsed.refusal, request, backend);
  const exported = await backend.export(parsed.value);
  if ("refusal" in exported) return refuseWith(exported.refusal, request, backend);
  const packed = backend.compresses ? compressionFor(request, Number.POSITIVE_INFINITY) : {};
  return new Response(exported, {
    headers: { "content-type": exportTypes[parsed.value.format], ...noStore, ...packed },
  });
}

function connect(
  request: Request,
  backend: Backend,
  open: (request: Request) => Promise<Response>,
): Response | Promise<Response> {
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return open(request);
  const { refusal } = refuse("invalid_parameter", "Open this path as a WebSocket", "upgrade");
  return refuseWith(refusal, request, backend);
}

async function serveFile(request: Request, backend: Backend): Promise<Response> {
  const response = ["GET", "HEAD"].includes(request.method) ? await backend.serveFile(request) : null;
  if (response !== null && response.status !== 404) return compressFile(request, response, backend);
  return refuseWith(refuse("not_found", "There is nothing at this path").refusal, request, backend);
}

function compressFile(request: Request, response: Response, { compresses }: Backend): Response {
  const isText = /^(text\/|application\/(json|manifest)|image\/svg)/.test(
    response.headers.get("content-type") ?? "",
  );
  if (!compresses || !isText) return response;
  const bytes = Number(response.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  const packed = Object.entries(compressionFor(request, bytes));
  if (packed.length === 0) return response;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  for (const [name, value] of packed) headers.set(name, value);
  return new Response(response.body, { status: response.status, headers });
}

function refuseWith(refusal: Refusal, request: Request, backend: Backend): Response {
  // Whoever is asked to come again has done nothing wrong.
  if (refusal.code !== "catching_up") backend.onRefusal(request, refusal);
  return respondRefusal(refusal);
}
