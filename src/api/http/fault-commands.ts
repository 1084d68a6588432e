import * as v from "valibot";
import type { CommunityRequest } from "../../community/state/request.ts";
import { pathsOf } from "../../input/faults/fault.ts";
import { givenFaultParameters, givenParametersOf } from "../../input/faults/fault-schemas.ts";
import {
  entryOf,
  type FaultKind,
  type FaultValues,
  faultKindNames,
  faultMeters,
} from "../../input/faults/kinds.ts";
import {
  type Checked,
  checkParameters,
  definedOf,
  type GivenParameters,
  numberFrom,
  optional,
} from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";
import { parseUnitId } from "../../notation/unit-id.ts";
import { moment } from "./time-commands.ts";

/** Longest simulated time [s] of a fault that ends by itself, and the last second at which one does. */
const latestS = 1e12;

const kind = v.picklist(faultKindNames, `one of ${faultKindNames.join(", ")}`);
const times = optional({
  at: moment,
  untilS: numberFrom(0, latestS, "simulated s"),
  for: numberFrom(0.001, latestS, "simulated s"),
});
const unit = v.optional(v.string());

/** What `/faults/add` takes: of which parameters a kind takes, its entry in the table says. */
export const faultSchema = v.strictObject({ kind, unit, ...times, ...givenFaultParameters });
export const faultIdSchema = v.strictObject({
  id: v.pipe(numberFrom(1, 1e9, ""), v.integer("a whole number from 1"), v.metadata({ integer: true })),
});

/** `/faults/add?kind=…`: checked by what its kind takes. */
export function parseAddFault(given: GivenParameters): Checked<CommunityRequest> {
  const named = checkParameters(v.object({ kind }), given);
  if (!named.ok) return named;
  const entry = entryOf(named.value.kind);
  const own = givenParametersOf(named.value.kind);
  const taken: Record<string, v.GenericSchema> = {
    kind,
    ...(entry.isOfAll ? {} : { unit }),
    ...times,
    ...own,
  };
  const checked = checkParameters(v.strictObject(taken), given);
  if (!checked.ok) return checked;
  const {
    kind: _,
    unit: id,
    at,
    untilS,
    for: forS,
    ...told
  } = checked.value as v.InferOutput<typeof faultSchema>;
  const unitNumber = id === undefined || id === "all" ? null : parseUnitId(id);
  if (unitNumber === null && id !== undefined && id !== "all")
    return refuse(
      "unknown_unit",
      `There is no unit ${JSON.stringify(id).slice(0, 80)}; allowed: IDs such as E001, or all`,
      "unit",
    );
  if (untilS !== undefined && forS !== undefined)
    return refuse("invalid_parameter", "for is given beside untilS; allowed: one of them", "for");
  const values: FaultValues = { ...entry.defaults, ...definedOf(told) } as FaultValues;
  const wrong = refuseValues(named.value.kind, values);
  if (wrong !== null) return wrong;
  const fault = { kind: named.value.kind, unitNumber, values };
  return { ok: true, value: { kind: "addFault", fault, ...definedOf({ at, untilS, forS }) } };
}

/** What only two parameters together show, or null. */
function refuseValues(kind: FaultKind, values: FaultValues) {
  const { path, meter, value } = values;
  const paths = pathsOf({ kind, values });
  if (path !== undefined && !paths.includes(path))
    return refuse(
      "invalid_parameter",
      `path is ${path}; allowed for this fault: ${paths.join(", ")}`,
      "path",
    );
  if (meter === undefined || value === undefined) return null;
  const { min, max, unit } = faultMeters[meter];
  return value >= min && value <= max
    ? null
    : refuse(
        "invalid_parameter",
        `value is ${value}; allowed for ${meter}: a number from ${min} to ${max} ${unit}`,
        "value",
      );
}

/** `/faults/end?id=`. */
export function parseEndFault(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(faultIdSchema, given);
  return checked.ok ? { ok: true, value: { kind: "endFault", id: checked.value.id } } : checked;
}
