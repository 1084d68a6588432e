import * as v from "valibot";
import { numberFrom, optional } from "../../notation/parameters.ts";
import {
  entryOf,
  type FaultKind,
  type FaultParameter,
  type FaultParameterName,
  type FaultValues,
  faultParameters,
} from "./kinds.ts";

const parameters = Object.entries(faultParameters) as [FaultParameterName, FaultParameter][];

/** A parameter as it comes in a request. */
function givenOf(parameter: FaultParameter): v.GenericSchema {
  if ("options" in parameter)
    return v.pipe(v.picklist(parameter.options, `one of ${parameter.options.join(", ")}`));
  if ("pattern" in parameter)
    return v.pipe(v.string(), v.regex(parameter.pattern, parameter.text), v.toUpperCase());
  const { min, max, unit, whole } = parameter;
  const number = numberFrom(min, max, unit);
  if (!whole) return number;
  const allowed = `a whole number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`;
  return v.pipe(number, v.integer(allowed), v.metadata({ integer: true }));
}

/** The same as it is kept. */
function keptOf(parameter: FaultParameter): v.GenericSchema {
  if ("options" in parameter) return v.picklist(parameter.options);
  if ("pattern" in parameter) return v.pipe(v.string(), v.regex(parameter.pattern));
  const number = v.pipe(v.number(), v.minValue(parameter.min), v.maxValue(parameter.max));
  return parameter.whole ? v.pipe(number, v.integer()) : number;
}

const entriesOf = (write: (parameter: FaultParameter) => v.GenericSchema) =>
  Object.fromEntries(parameters.map(([name, parameter]) => [name, write(parameter)]));

const given = entriesOf(givenOf) as Record<FaultParameterName, v.GenericSchema<string>>;

/** All that any kind may be told, as the query of a request has it. */
export const givenFaultParameters = optional(given);

/** What a fault of this kind is told: what must be, and what may be. */
export function givenParametersOf(kind: FaultKind): Record<string, v.GenericSchema> {
  const { needs, defaults, may } = entryOf(kind);
  const free = [...Object.keys(defaults), ...may] as FaultParameterName[];
  return {
    ...Object.fromEntries(needs.map((name) => [name, given[name]])),
    ...optional(Object.fromEntries(free.map((name) => [name, given[name]]))),
  };
}

/** What is kept of what a fault was told. */
export const faultValuesSchema = v.pipe(
  v.strictObject(optional(entriesOf(keptOf))),
  v.transform((values) => values as FaultValues),
);
