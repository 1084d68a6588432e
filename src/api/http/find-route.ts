import { Router } from "itty-router";
import type { ExportRequest } from "../../community/records/export.ts";
import type { Config } from "../../input/config/entries.ts";
import { type ExportRoute, type Route, routes } from "./routes.ts";

/** The path of a request in the table of routes, and what its last part is where it has one. */
export interface Found {
  readonly route: Route;
  readonly id: string;
}

/** The paths at which records are served, or undefined where the configuration keeps them in. */
type ExportPaths = Readonly<Record<ExportRequest["of"], string | undefined>>;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly params?: Readonly<Record<string, string>>;
}

const exportRoutes = routes.filter((route): route is ExportRoute => route.kind === "export");
const defaultPaths = Object.fromEntries(exportRoutes.map(({ of, path }) => [of, path])) as ExportPaths;

const router = Router<Asked, [], Found | undefined>();
for (const route of routes) {
  if (route.kind !== "export") router.all(route.path, ({ params }) => ({ route, id: params?.id ?? "" }));
}

/** What the Web API has at `pathname`, whatever the method, or null. */
export async function findRoute(pathname: string, paths = defaultPaths): Promise<Found | null> {
  const route = exportRoutes.find(({ of }) => paths[of] === pathname);
  if (route !== undefined) return { route, id: "" };
  return (await router.fetch({ method: "GET", url: `http://community${pathname}` })) ?? null;
}

/** Where the configuration has the records served. */
export function exportPathsOf(config: Config): ExportPaths {
  const { saveToSummaryToCSV, summaryPath, saveIndividualToCSV, indivLogPath } = config;
  return {
    ...defaultPaths,
    summary: saveToSummaryToCSV ? `/${summaryPath}` : undefined,
    individual: saveIndividualToCSV ? `/${indivLogPath}` : undefined,
  };
}
