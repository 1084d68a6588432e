import * as v from "valibot";
import type { ParameterSchemas } from "../http/told-routes.ts";
import type { Schema } from "./answer-schemas.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "query" | "path";
  readonly required: boolean;
  readonly schema: Schema;
  readonly description?: string;
}

/** The parameters of a query as OpenAPI has them, from the schemas that check it. */
export function describeParameters({ entries }: ParameterSchemas, place: "query" | "path"): Parameter[] {
  return Object.entries(entries).map(([name, given]) => {
    const isOptional = v.isOfType("optional", given);
    const { wrapped, default: preset } = given as unknown as { wrapped: v.GenericSchema; default?: string };
    const { unit, ...plain } = describeValue(isOptional ? wrapped : given);
    const schema = preset === undefined ? plain : { ...plain, default: readDefault(preset, plain) };
    const described = { name, in: place, required: place === "path" || !isOptional, schema };
    return unit === undefined ? described : { ...described, description: `in ${unit}` };
  });
}

/** A default stands as its text in the schema that checks. */
function readDefault(preset: string, { type }: Schema): unknown {
  return type === "number" || type === "integer" ? Number(preset) : preset;
}

interface Described extends Schema {
  readonly unit?: string;
}

function describeValue(schema: v.GenericSchema): Described {
  const { minimum, maximum, unit, integer, ...rest } = v.getMetadata(schema) as Record<string, unknown>;
  if (minimum !== undefined) {
    const range = { type: integer === true ? "integer" : "number", minimum, maximum, ...rest };
    return unit === "" ? range : { ...range, unit: String(unit) };
  }
  if (v.isOfType("picklist", schema))
    return { type: "string", enum: (schema as unknown as { options: readonly string[] }).options };
  return { type: "string", ...rest };
}
