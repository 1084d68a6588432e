import { describeSchema } from "../../api/openapi/answer-schemas.ts";
import { toTemplate } from "../../api/openapi/document.ts";
import { bodies } from "./admin-requests.ts";
import { type ControlRoute, controlRoutes } from "./control-routes.ts";

type PathItem = Record<string, unknown>;

/** The paths of the control plane, from the table of its routes and the schemas that check its bodies. */
export function describeControlPlane(errors: Readonly<Record<string, unknown>>): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {};
  for (const route of controlRoutes) {
    const template = toTemplate(route.path);
    // It is at the bare host only, whatever community the document was read of.
    paths[template] ??= { servers: [{ url: "/" }] };
    (paths[template] as PathItem)[route.method] = describeRoute(route, errors);
  }
  return paths;
}

function describeRoute({ path, about, body }: ControlRoute, errors: Readonly<Record<string, unknown>>) {
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const done = { description: "done" };
  const operation = {
    tags: ["control plane"],
    summary: about,
    security: [{ administrator: [] }],
    parameters,
    responses: { "200": done, "201": done, ...errors },
  };
  if (body === undefined) return operation;
  return {
    ...operation,
    requestBody: {
      required: true,
      content: { "application/json": { schema: describeSchema(bodies[body]) } },
    },
  };
}
