import { Community, residents } from "./community/community-object.ts";
import { readConfig } from "./config/read-config.ts";
import type { Entered } from "./hosting/community-door.ts";
import { connectScreen } from "./hosting/connect-screen.ts";
import type { HostingEnv } from "./hosting/deployment.ts";
import { Directory } from "./hosting/directory-object.ts";
import { pass } from "./hosting/gate.ts";
import { type Backend, respond } from "./http/router.ts";
import { createConsoleLog, leastLevel } from "./log.ts";

export { Community, Directory };

export default {
  fetch: (request, env) =>
    pass(request, env, (inner, entered) => respond(inner, createBackend(env, entered))),
} satisfies ExportedHandler<HostingEnv>;

function createBackend(env: HostingEnv, { name, objectKey, limits, refuseChange }: Entered): Backend {
  const log = createConsoleLog(leastLevel(env));
  const community = () => env.COMMUNITY.getByName(objectKey);
  return {
    requestBytes: limits.requestBytes,
    refuseChange,
    answer: (request) => {
      const resident = env.SINGLE_PROCESS === true ? residents.get(objectKey) : undefined;
      return resident?.answerAtOnce(request) ?? community().answer(request, limits);
    },
    exportPaths: () => readExportPaths(env),
    export: (request) => community().export(request),
    connect: () => connectScreen(community(), limits.sockets),
    serveFile: (request) => env.ASSETS.fetch(request),
    onRefusal: (request, refusal) =>
      log("WARNING", refusal.message, { ...refusal, community: name, ...describe(request) }),
    onFailure: (request, error) =>
      log("ERROR", "A request failed", { error: String(error), community: name, ...describe(request) }),
  };
}

function readExportPaths(env: HostingEnv): ReturnType<Backend["exportPaths"]> {
  const { saveToSummaryToCSV, summaryPath, saveIndividualToCSV, indivLogPath } = readConfig(env);
  return {
    summary: saveToSummaryToCSV ? `/${summaryPath}` : undefined,
    individual: saveIndividualToCSV ? `/${indivLogPath}` : undefined,
  };
}

function describe(request: Request): Record<string, string> {
  return { method: request.method, url: request.url.slice(0, 200) };
}
