import { errorStatuses } from "../http/errors.ts";
import {
  type AnswerRoute,
  type BodyRoute,
  type ExportRoute,
  type PutFacts,
  type Route,
  routes,
} from "../http/routes.ts";
import { type Tag, tags } from "../http/tags.ts";
import { answerSchemas, describeAnswer, errorSchema, exportSchemas, type Schema } from "./answer-schemas.ts";
import { describeParameters, type Parameter } from "./parameter-schemas.ts";

type Answers = Readonly<Record<string, unknown>>;

const unitId: Parameter = {
  name: "id",
  in: "path",
  required: true,
  schema: { type: "string", pattern: "^E[0-9]{3,4}$" },
  description: "a unit's ID, from E001",
};

/**
 * The OpenAPI 3.1 document of a community's Web API, from the table of its routes. `describeOthers` gives the paths
 * beside it, each with the errors that all share.
 */
export function writeOpenApi(version: string, describeOthers: (errors: Answers) => Record<string, unknown>) {
  const described = routes.map((route) => [toTemplate(route.path), describeRoute(route)]);
  return {
    openapi: "3.1.0",
    info: {
      title: "apis-emulator",
      version,
      description:
        "Emulates a community of homes with batteries on a shared DC grid. Paths that change something take POST too, with the same parameters in the query or in the body, as a form or a JSON object.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Relative, since a community may lie below any path.
    servers: [{ url: "." }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries([...described, ...Object.entries(describeOthers(errors))]),
    components: {
      schemas: { ...answerSchemas, error: errorSchema },
      securitySchemes: {
        administrator: { type: "http", scheme: "bearer", description: "ADMIN_SECRET" },
        key: { type: "http", scheme: "bearer", description: "a key of the community, if it asks for one" },
      },
    },
    security: [{}, { key: [] }],
  };
}

/** A route's path as OpenAPI has it. */
export function toTemplate(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function describeRoute(route: Route) {
  if (route.kind === "export") return { get: describeExport(route) };
  if (route.kind === "body") return { post: describeBody(route) };
  if (route.kind === "live") return { get: { ...live, summary: route.about } };
  if (route.kind === "session") return { get: { ...live, tags: ["time"], summary: route.about } };
  return describeOperations(route);
}

function describeOperations(route: AnswerRoute) {
  const inPath = route.path.includes(":id") ? [describeLastPart(route)] : [];
  const inQuery = route.parameters === undefined ? [] : describeParameters(route.parameters, "query");
  const { answers } = route;
  const contentType = answers === "metrics" ? "text/plain" : "application/json";
  const isNamed = typeof answers === "string";
  const schema = isNamed ? { $ref: `#/components/schemas/${answers}` } : describeAnswer(answers);
  const operation = {
    tags: [route.tag],
    summary: route.about,
    parameters: [...inPath, ...inQuery],
    responses: {
      "200": { description: isNamed ? answers : route.about, content: { [contentType]: { schema } } },
      ...errors,
    },
  };
  if (route.upload !== undefined) return { get: operation, put: describeUpload(route.tag, route.upload) };
  if (route.put !== undefined) return { get: operation, put: describePut(route.put, operation) };
  if (!route.changes) return { get: operation };
  const form = {
    type: "object",
    properties: Object.fromEntries(inQuery.map((each) => [each.name, each.schema])),
    additionalProperties: false,
  };
  const requestBody = {
    content: {
      "application/x-www-form-urlencoded": { schema: form },
      "application/json": { schema: form },
    },
  };
  const eased = inQuery.map((each) => ({ ...each, required: false }));
  return { get: operation, post: { ...operation, parameters: [...inPath, ...eased], requestBody } };
}

/** What PUT answers is what GET then tells. */
function describePut({ about, body, mediaTypes }: PutFacts, operation: { responses: object; tags: Tag[] }) {
  const schemaOf = (type: string) =>
    type === "application/json" ? { schema: describeAnswer(body) } : { schema: { type: "string" } };
  const content = Object.fromEntries(mediaTypes.map((type) => [type, schemaOf(type)]));
  const { tags, responses } = operation;
  return { tags, summary: about, parameters: [], requestBody: { required: true, content }, responses };
}

function describeUpload(tag: Tag, { about, parameters, answers }: NonNullable<AnswerRoute["upload"]>) {
  const file = { type: "string", contentMediaType: "application/octet-stream" };
  const form = { type: "object", additionalProperties: file };
  return {
    tags: [tag],
    summary: about,
    parameters: describeParameters(parameters, "query"),
    requestBody: {
      required: true,
      content: { "multipart/form-data": { schema: form }, "*/*": { schema: file } },
    },
    responses: {
      "200": {
        description: "what was understood",
        content: {
          "application/json": { schema: describeAnswer(answers) },
          "text/html": { schema: { type: "string" } },
        },
      },
      ...errors,
    },
  };
}

function describeBody({ tag, about, body, answers }: BodyRoute) {
  const schema = describeAnswer(body);
  return {
    tags: [tag],
    summary: about,
    parameters: [],
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      "200": { description: about, content: { "application/json": { schema: describeAnswer(answers) } } },
      ...errors,
    },
  };
}

function describeLastPart({ lastPart }: AnswerRoute): Parameter {
  const [described] = lastPart === undefined ? [] : describeParameters(lastPart, "path");
  return described === undefined ? unitId : { ...described, name: "id" };
}

function describeExport({ of, about, parameters }: ExportRoute) {
  const content = {
    "text/csv": { schema: { type: "string" } },
    "application/json": { schema: exportSchemas[of] },
  };
  return {
    tags: ["records"],
    summary: about,
    parameters: parameters === undefined ? [] : describeParameters(parameters, "query"),
    responses: { "200": { description: "the records", content }, ...errors },
  };
}

const live = {
  tags: ["watching"],
  parameters: [{ name: "upgrade", in: "header", required: true, schema: { const: "websocket" } }],
  responses: { "101": { description: "the WebSocket is open" }, ...errorsOf() },
};

/** Every error has the same form. */
function errorsOf(): Record<string, { description: string; content: Schema }> {
  const statuses = [...new Set(Object.values(errorStatuses))].sort((a, b) => a - b);
  const content = { "application/json": { schema: { $ref: "#/components/schemas/error" } } };
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = Object.entries(errorStatuses).filter(([, of]) => of === status);
      return [status, { description: codes.map(([code]) => code).join(", "), content }];
    }),
  );
}

const errors = errorsOf();
