import { Community, type Env, residents } from "./community/community-object.ts";
import type { Refusal } from "./community/refusal.ts";
import { readConfig } from "./config/read-config.ts";
import { type Backend, respond } from "./http/router.ts";
import { consoleLog } from "./log/log.ts";

export { Community };

export default {
  fetch(request, env, ctx): Promise<Response> {
    return respond(request, createBackend(env, ctx));
  },
} satisfies ExportedHandler<Env>;

function createBackend(env: Env, ctx: ExecutionContext): Backend {
  const community = env.COMMUNITY.getByName("default");
  const resident = env.SINGLE_PROCESS === true ? residents.get("default") : undefined;
  const noteRefusal = (request: Request, refusal: Refusal) =>
    resident === undefined
      ? ctx.waitUntil(community.noteRefusal(refusal, describe(request)))
      : resident.noteRefusal(refusal, describe(request));
  return {
    answer: (request, origin) => resident?.answerAtOnce(request) ?? community.answer(request, origin),
    exportPaths: () => readExportPaths(env),
    export: (request) => community.export(request),
    connect: (request) => community.fetch(request),
    serveFile: (request) => env.ASSETS.fetch(request),
    onRefusal: noteRefusal,
    onFailure: (request, error) =>
      consoleLog("ERROR", "A request failed", { error: String(error), ...describe(request) }),
  };
}

function readExportPaths(env: Env): ReturnType<Backend["exportPaths"]> {
  const { saveToSummaryToCSV, summaryPath, saveIndividualToCSV, indivLogPath } = readConfig(env);
  return {
    summary: saveToSummaryToCSV ? `/${summaryPath}` : undefined,
    individual: saveIndividualToCSV ? `/${indivLogPath}` : undefined,
    commands: "/commands",
  };
}

function describe(request: Request): Record<string, string> {
  return { method: request.method, url: request.url.slice(0, 200) };
}
