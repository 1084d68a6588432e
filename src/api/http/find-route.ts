import type { ExportRequest } from "../../community/records/export.ts";
import type { Config } from "../../input/config/entries.ts";
import { once } from "../../notation/once.ts";
import { type ExportRoute, type Route, routes } from "./routes.ts";

/** The path of a request in the table of routes, and what its last part is where it has one. */
export interface Found {
  readonly route: Route;
  readonly id: string;
}

/** The paths at which records are served, or undefined where the configuration keeps them in. */
type ExportPaths = Readonly<Record<ExportRequest["of"], string | undefined>>;

const exportRoutes = routes.filter((route): route is ExportRoute => route.kind === "export");
const defaultPaths = Object.fromEntries(exportRoutes.map(({ of, path }) => [of, path])) as ExportPaths;

const lastPart = "/:id";
const plainRoutes = new Map<string, Route>();
/** Routes whose last part names what they are about, by what stands before it. */
const routesAbout = new Map<string, Route>();
for (const route of routes) {
  const { kind, path } = route;
  if (kind === "export") continue;
  if (path.endsWith(lastPart)) routesAbout.set(path.slice(0, -lastPart.length), route);
  else plainRoutes.set(path, route);
}

/** What the Web API has at `pathname`, whatever the method and however many slashes end it, or null. */
export function findRoute(pathname: string, paths = defaultPaths): Found | null {
  const records = exportRoutes.find(({ of }) => paths[of] === pathname);
  if (records !== undefined) return { route: records, id: "" };
  let end = pathname.length;
  while (pathname[end - 1] === "/") end--;
  const path = pathname.slice(0, end);
  const plain = plainRoutes.get(path);
  if (plain !== undefined) return { route: plain, id: "" };
  const slash = path.lastIndexOf("/");
  const route = routesAbout.get(path.slice(0, slash));
  return route === undefined ? null : { route, id: path.slice(slash + 1) };
}

/** Where the configuration has the records served. */
export const exportPathsOf = once((config: Config): ExportPaths => {
  const { saveToSummaryToCSV, summaryPath, saveIndividualToCSV, indivLogPath } = config;
  return {
    ...defaultPaths,
    summary: saveToSummaryToCSV ? `/${summaryPath}` : undefined,
    individual: saveIndividualToCSV ? `/${indivLogPath}` : undefined,
  };
});
