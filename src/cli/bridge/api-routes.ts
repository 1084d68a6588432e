import { Router } from "itty-router";
import { type Route, routes } from "../../api/http/routes.ts";

const router = Router<{ method: string; url: string }, [], Route | undefined>();
for (const route of routes) router.all(route.path, () => route);

/** What a path of the Web API does to the community; `unknown` if it is none. */
export async function effectOf(path: string): Promise<"reads" | "changes" | "unknown"> {
  const route = await router.fetch({ method: "GET", url: `http://bridge${path}` });
  if (route === undefined) return "unknown";
  return route.changes ? "changes" : "reads";
}
