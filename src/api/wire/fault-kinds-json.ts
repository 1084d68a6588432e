import {
  entryOf,
  type FaultKind,
  type FaultParameter,
  type FaultParameterName,
  faultKindNames,
  faultParameters,
  parametersOf,
} from "../../input/faults/kinds.ts";

/** The body that `/faults/add` takes, as a JSON Schema: one alternative for each kind. */
export function describeFaultKinds() {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A fault of the hardware, as /faults/add takes it",
    oneOf: faultKindNames.map(describeKind),
  };
}

function describeKind(kind: FaultKind) {
  const { text, noticed, needs, defaults, isOfAll } = entryOf(kind);
  const own = parametersOf(kind).map((name) => {
    const unlessTold = (defaults as Record<string, unknown>)[name];
    const schema = describeParameter(faultParameters[name]);
    return [name, unlessTold === undefined ? schema : { ...schema, default: unlessTold }];
  });
  return {
    title: kind,
    description: `${text}. apis-main: ${noticed}.`,
    type: "object",
    properties: {
      kind: { const: kind },
      ...(isOfAll
        ? {}
        : { unit: { type: "string", description: "its ID such as E001, or all; all unless told" } }),
      ...times,
      ...Object.fromEntries(own),
    },
    required: ["kind", ...needs] as (FaultParameterName | "kind")[],
    additionalProperties: false,
  };
}

const times = {
  at: {
    type: ["number", "string"],
    description: "when it begins: a simulated second or a time such as 2020-01-31T12:00:00; now unless told",
  },
  untilS: { type: "number", description: "the simulated second at which it ends by itself" },
  for: { type: "number", description: "how long it lasts, in its place [simulated s]" },
};

function describeParameter(parameter: FaultParameter) {
  const description = parameter.text;
  if ("options" in parameter) return { enum: parameter.options, description };
  if ("pattern" in parameter) return { type: "string", pattern: parameter.pattern.source, description };
  const { min, max, unit, whole } = parameter;
  return {
    type: whole ? "integer" : "number",
    minimum: min,
    maximum: max,
    description: unit === "" ? description : `${description} [${unit}]`,
  };
}
