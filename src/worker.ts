import { keptSource } from "./api/http/origin.ts";
import { type Backend, respond } from "./api/http/router.ts";
import { parseBody, parseSessionMessage } from "./api/http/step-bodies.ts";
import { answerWriter } from "./api/wire/answers.ts";
import { CommunityObject, residents } from "./community/community-object.ts";
import { SaveFile } from "./community/save-file.ts";
import { consoleLog } from "./community/watching/log.ts";
import { connectScreen, connectSession, countMessage } from "./hosting/connect-screen.ts";
import type { HostingEnv } from "./hosting/deployment.ts";
import { defaultCommunity } from "./hosting/directory/community-name.ts";
import { stubOf } from "./hosting/directory/community-stub.ts";
import { Directory } from "./hosting/directory/directory-object.ts";
import { openDirectory } from "./hosting/directory/open-directory.ts";
import { pass } from "./hosting/gate.ts";
import type { AdmittedRequest } from "./hosting/serve-community.ts";
import { deploymentLimits } from "./input/config/limits.ts";
import { placeOf } from "./input/config/place.ts";
import { openFiles } from "./input/files.ts";
import type { Refusal } from "./notation/refusal.ts";

export { Directory };

export class Community extends CommunityObject {
  constructor(ctx: DurableObjectState, env: HostingEnv) {
    const folder = ctx.id.name === defaultCommunity ? env.SAVE_FOLDER : undefined;
    const saveFile = folder === undefined ? null : new SaveFile(folder);
    super(ctx, env, {
      writer: answerWriter,
      directory: openDirectory(env),
      countMessage: (visitor) => countMessage(env, visitor),
      readBody: parseBody,
      readMessage: parseSessionMessage,
      saveFile,
    });
  }
}

export default {
  fetch: (request, env, ctx) =>
    pass(request, env, (inner, admitted) =>
      respond(inner, admitted.found, createBackend(env, ctx, admitted)),
    ),
} satisfies ExportedHandler<HostingEnv>;

/** What `wrangler.toml` binds, as `npm run types` reads it there, is all that hosting needs. */
export type Bound<Enough extends HostingEnv = { [Name in keyof BoundEnv]: BoundEnv[Name] }> = Enough;

function createBackend(env: HostingEnv, ctx: ExecutionContext, admitted: AdmittedRequest): Backend {
  const { name, object, limits, sourceOf, visitorOf } = admitted;
  const { objectKey } = object;
  const community = () => stubOf(env, object);
  const resident = placeOf(env) === "local" ? residents.get(objectKey) : undefined;
  return {
    requestBytes: limits.requestBytes,
    compresses: placeOf(env) === "local",
    uploadBytes: deploymentLimits.uploadBytes[placeOf(env)],
    rest: () => scheduler.wait(1),
    keepData: (offer, rows) => community().keepData(offer, rows, limits),
    sourceOf,
    answer: (request, origin) =>
      resident?.answerAtOnce(request) ?? community().answer(request, origin, limits),
    answerBody: (path, body, origin) => community().answerBody(path, body, origin, limits),
    export: (request) => community().export(request),
    connect: async (request) => connectScreen(community(), request, limits.sockets, await visitorOf()),
    openSession: async () => {
      const opening = { visitor: await visitorOf(), source: keptSource(await sourceOf()), limits };
      return connectSession(community(), limits.sockets, opening);
    },
    endConnection,
    serveFile: (request) => openFiles(env).fetch(request),
    onRefusal: (request, refusal) =>
      ctx.waitUntil(noteRefusal(resident ?? community(), refusal, { community: name, ...describe(request) })),
    onFailure: (request, error) =>
      consoleLog("ERROR", "A request failed", {
        error: String(error),
        community: name,
        file: fileNameOf(env, objectKey),
        ...describe(request),
      }),
  };
}

/** A body that ends before its length cannot be told as an answer: the runtime cuts the connection. */
function endConnection(): Response {
  const { readable, writable } = new FixedLengthStream(1);
  writable.abort(new Error("An answer is lost, as a fault of the hardware asks")).catch(() => {});
  return new Response(readable);
}

/** The file of a local run's state in which a community is stored. */
function fileNameOf(env: HostingEnv, objectKey: string): string {
  return `${env.COMMUNITY.idFromName(objectKey)}.sqlite`;
}

/** Tells the community's log of a refusal; an object of an earlier release has none. */
async function noteRefusal(
  community: Pick<CommunityObject, "noteRefusal">,
  refusal: Refusal,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    await community.noteRefusal(refusal, fields);
  } catch {
    consoleLog("WARNING", refusal.message, { ...refusal, ...fields });
  }
}

function describe(request: Request): Record<string, string> {
  return { method: request.method, url: request.url.slice(0, 200) };
}
