import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { writeOpenApi } from "../../src/api/openapi/document.ts";
import { describeControlPlane } from "../../src/hosting/admin/control-plane-document.ts";

export const document = JSON.parse(JSON.stringify(writeOpenApi("1.0.0", describeControlPlane))) as OpenApi;

export interface Operation {
  readonly tags?: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header";
    readonly required: boolean;
    readonly schema: {
      readonly type?: string;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly enum?: readonly string[];
    };
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface OpenApi {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const ajv = new Ajv2020({ strict: false, allErrors: false });
ajv.addSchema(document, "openapi");
const validators = new Map<string, ValidateFunction>();

/** Says how an answer is not what the document promises, or null. */
export function findFault(
  path: string,
  method: string,
  status: number,
  contentType: string,
  body: string,
): string | null {
  const type = contentType.split(";")[0] as string;
  const steps = ["paths", path, method, "responses", String(status), "content", type, "schema"];
  const pointer = steps.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const operation = document.paths[path]?.[method];
  if (operation?.responses[status]?.content?.[type] === undefined)
    return `no ${status} of ${type} is promised`;
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `openapi#/${encodeURI(pointer)}` });
    validators.set(pointer, validate);
  }
  const value = type === "application/json" ? JSON.parse(body) : body;
  return validate(value) ? null : ajv.errorsText(validate.errors);
}
