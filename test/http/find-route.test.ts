import { expect, test } from "vitest";
import { findRoute } from "../../src/api/http/find-route.ts";
import { routes } from "../../src/api/http/routes.ts";

test.each(routes)("A3: $path is found, and nothing beside it", (route) => {
  const [path, id] = [route.path.replace(":id", "E002"), route.path.endsWith("/:id") ? "E002" : ""];
  expect(findRoute(path)).toEqual({ route, id });
  for (const beside of [`/${path}`, `${path}/x/y`, path.replace("/", "/x/")])
    expect(findRoute(beside)?.route, beside).not.toBe(route);
});

test("A3: slashes may end a path, and nothing may stand in for a unit's ID", () => {
  for (const { kind, path } of routes.filter((route) => route.kind !== "export"))
    expect(findRoute(`${path.replace(":id", "E002")}//`)?.route.path, kind).toBe(path);
  expect(findRoute("/get/unit/:id")?.id).toBe(":id");
  for (const nothing of ["/", "", "/get", "/get/unit", "/get/unit/", "/get/unit//E001"])
    expect(findRoute(nothing), nothing).toBeNull();
});
