import { Community, type Env, residents } from "./community/community-object.ts";
import { readConfig } from "./config/read-config.ts";
import { type Backend, respond } from "./http/router.ts";
import { createConsoleLog, leastLevel } from "./log.ts";

export { Community };

export default {
  fetch(request, env): Promise<Response> {
    return respond(request, createBackend(env));
  },
} satisfies ExportedHandler<Env>;

function createBackend(env: Env): Backend {
  const log = createConsoleLog(leastLevel(env));
  return {
    answer: (request, origin) => {
      const resident = env.SINGLE_PROCESS === true ? residents.get("default") : undefined;
      return resident?.answerAtOnce(request) ?? env.COMMUNITY.getByName("default").answer(request, origin);
    },
    exportPaths: () => readExportPaths(env),
    export: (request) => env.COMMUNITY.getByName("default").export(request),
    connect: (request) => env.COMMUNITY.getByName("default").fetch(request),
    serveFile: (request) => env.ASSETS.fetch(request),
    onRefusal: (request, refusal) => log("WARNING", refusal.message, { ...refusal, ...describe(request) }),
    onFailure: (request, error) =>
      log("ERROR", "A request failed", { error: String(error), ...describe(request) }),
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
