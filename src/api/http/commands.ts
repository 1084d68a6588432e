import * as v from "valibot";
import type { CommunityRequest, Echo, ReplyPart } from "../../community/state/request.ts";
import { logLevels } from "../../community/watching/log.ts";
import {
  converterSchema,
  emuSchema,
  numberOf,
  pickUnitChange,
  type UnitParameters,
} from "../../input/units/set-parameters.ts";
import { allowedNumbers } from "../../notation/allowed-numbers.ts";
import {
  type Checked,
  checkParameters,
  definedOf,
  type GivenParameters,
  numberFrom,
  optional,
  quote,
} from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";
import { parseUnitId } from "../../notation/unit-id.ts";
import { claimParameters, withClaim } from "./time-commands.ts";

const homes = (parameter: "count" | "units") =>
  v.pipe(
    numberOf(parameter),
    v.integer(`a whole number from ${allowedNumbers[parameter].min} to ${allowedNumbers[parameter].max}`),
    v.metadata({ integer: true }),
  );

export const voltageSchema = v.strictObject({ dvg: numberOf("dvg"), ...optional({ drg: numberOf("drg") }) });
export const currentSchema = v.strictObject({ dig: numberOf("dig") });
export const saveSchema = v.strictObject({
  format: v.optional(v.picklist(["file"], "file, or leave it out")),
});
export const resetSchema = v.strictObject({
  clock: v.optional(v.picklist(["start"], "start, or leave it out")),
  units: v.optional(homes("units")),
  ...claimParameters,
});
export const addSchema = v.strictObject({ count: v.optional(homes("count"), "1") });

export function parseUnitQuery(id: string, reply: ReplyPart): Checked<CommunityRequest> {
  return withUnit(id, (unitNumber) => ({ ok: true, value: { kind: "unit", unitNumber, reply } }));
}

const simulatedSecond = numberFrom(0, 1e12, "simulated s");
export const historySchema = v.object({
  ...optional({
    unit: v.string(),
    map: v.picklist(["rsoc"], "rsoc"),
    to: simulatedSecond,
    resolution: numberFrom(1, 1e9, "simulated s"),
  }),
  from: v.optional(simulatedSecond, "0"),
});

/** `/history`: of one unit, of the community, or with `map=rsoc` the charge of each unit. */
export function parseHistory(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(historySchema, given);
  if (!checked.ok) return checked;
  const { unit, map, from, to = Number.MAX_VALUE, resolution = null } = checked.value;
  const span = { kind: "history", fromS: from, toS: to, resolutionS: resolution } as const;
  if (from > to) return refuse("invalid_parameter", `from is ${from}; allowed: up to to, ${to}`, "from");
  if (unit === undefined)
    return { ok: true, value: { ...span, of: map === undefined ? "community" : "charges" } };
  return withUnit(unit, (unitNumber) => ({ ok: true, value: { ...span, of: unitNumber } }));
}

const instant = "a time such as 2026-01-31T12:00:00Z";
export const messagesSchema = v.object({
  level: v.optional(v.picklist(logLevels, `one of ${logLevels.join(", ")}`), "DEBUG"),
  ...optional({
    since: v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
      v.finite(instant),
      v.metadata({ format: "date-time" }),
    ),
  }),
});

/** `/log?level=&since=`: lines of at least this level since this wall time. */
export function parseMessages(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(messagesSchema, given);
  if (!checked.ok) return checked;
  const { level, since = 0 } = checked.value;
  return { ok: true, value: { kind: "messages", least: level, sinceMs: since } };
}

export function parseSave(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(saveSchema, given);
  if (!checked.ok) return checked;
  return { ok: true, value: { kind: "save", asFile: checked.value.format === "file" } };
}

export function parseReset(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(resetSchema, given);
  if (!checked.ok) return checked;
  const { clock, units } = checked.value;
  const restartClock = clock === "start";
  return withClaim(checked.value, { kind: "reset", restartClock, ...definedOf({ units }) });
}

/** `/add/unit?count=`: as many as told, or one. */
export function parseAdd(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(addSchema, given);
  return checked.ok ? { ok: true, value: { kind: "addUnit", ...definedOf(checked.value) } } : checked;
}

/** A command without parameters: it takes none. */
export function parsePlain(given: GivenParameters, value: CommunityRequest): Checked<CommunityRequest> {
  const checked = checkParameters(v.strictObject({}), given);
  return checked.ok ? { ok: true, value } : checked;
}

/** `/set/emu`: the charge, the powers that follow the data, and readings that are only echoed. */
export function parseEmu(id: string, given: GivenParameters): Checked<CommunityRequest> {
  if (Object.keys(given).length === 0) {
    return refuse("missing_parameter", `Give one or more of ${Object.keys(emuSchema.entries).join(", ")}`);
  }
  return parseChange(id, "log", checkParameters(emuSchema, given));
}

/** `/set/dcdc`: mode, voltage and current limit; a droop that is blank or left out is unchanged. */
export function parseConverter(id: string, given: GivenParameters): Checked<CommunityRequest> {
  return parseChange(id, "set", checkParameters(converterSchema, withoutBlankDroop(given)));
}

export function parseVoltage(id: string, given: GivenParameters): Checked<CommunityRequest> {
  return parseChange(id, "voltage", checkParameters(voltageSchema, withoutBlankDroop(given)));
}

export function parseCurrent(id: string, given: GivenParameters): Checked<CommunityRequest> {
  return parseChange(id, "current", checkParameters(currentSchema, given));
}

function parseChange(
  id: string,
  reply: ReplyPart | "log",
  checked: Checked<UnitParameters>,
): Checked<CommunityRequest> {
  if (!checked.ok) return checked;
  const change = pickUnitChange(checked.value);
  const { rsoc, ups_output_power, pvc_charge_power, mode, dvg, drg, dig, p1, p2, ...emu } = checked.value;
  const echo: Echo = { emu: definedOf(emu), powermeter: definedOf({ p1, p2 }) };
  return withUnit(id, (unitNumber) => ({
    ok: true,
    value: { kind: "changeUnit", unitNumber, change, echo, reply },
  }));
}

function withUnit(
  id: string,
  use: (unitNumber: number) => Checked<CommunityRequest>,
): Checked<CommunityRequest> {
  const unitNumber = parseUnitId(id);
  return unitNumber === null
    ? refuse("unknown_unit", `There is no unit ${quote(id)}; IDs are E001 and so on`)
    : use(unitNumber);
}

function withoutBlankDroop(given: GivenParameters): GivenParameters {
  const { drg, ...rest } = given;
  return drg === undefined || drg === "" ? rest : given;
}
