export type Route =
  | { readonly view: "community" }
  | { readonly view: "units" }
  | { readonly view: "charts" | "data" | "events" | "help" }
  | { readonly view: "unit"; readonly unit: string }
  | { readonly view: "results"; readonly query: string };

/** The view that the part of the address after `#` means; the community where it means none. */
export function parseRoute(hash: string): Route {
  const [, view = "", unit = ""] = hash.split("/");
  if (view === "unit" && /^E\d{3,6}$/.test(unit)) return { view, unit };
  if (view === "results") return { view, query: hash.split("/").slice(2).join("/") };
  if (["units", "charts", "data", "events", "help"].includes(view)) return { view } as Route;
  return { view: "community" };
}
