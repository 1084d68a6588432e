import * as v from "valibot";
import { longestClaimS } from "../../community/state/claim.ts";
import type { Claiming, CommunityRequest, TargetMoment } from "../../community/state/request.ts";
import { numberOf } from "../../input/units/set-parameters.ts";
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
import { type OccurrenceKind, occurrenceKinds } from "../../simulation/occurrences.ts";
import { givenName } from "./names.ts";

const whole = (most: number, unit: string) =>
  v.pipe(
    numberFrom(0, most, unit),
    v.integer(`a whole number from 0 to ${most} ${unit}`),
    v.metadata({ integer: true }),
  );

/** How long a claim lasts unless it says so [real s]. */
const claimSeconds = 60;
/** What every command of time takes: whose it is. */
export const claimParameters = optional({
  claim: givenName,
  claimSeconds: v.pipe(whole(longestClaimS, "real s"), v.metadata({ default: claimSeconds })),
});

const moments = "simulated seconds, or a time such as 2020/01/31-12:00:00 or 2020-01-31T12:00:00";
/** A simulated second, or what a calendar shows then. */
export const moment = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): TargetMoment => {
    const found = readMoment(dataset.value);
    if (found !== null) return found;
    addIssue({ message: moments });
    return NEVER;
  }),
  v.metadata({ description: moments }),
);

const kindNames = `one or more of ${occurrenceKinds.join(", ")}, with commas between them`;
const kinds = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): OccurrenceKind[] => {
    const given = dataset.value.split(",") as OccurrenceKind[];
    if (given.every((kind) => occurrenceKinds.includes(kind))) return given;
    addIssue({ message: kindNames });
    return NEVER;
  }),
  v.metadata({ description: kindNames }),
);

export const accelerationSchema = v.object({ acceleration: numberOf("acceleration", "(0 holds time)") });
export const plainTimeSchema = v.strictObject(claimParameters);
const date = v.pipe(
  v.string(),
  v.transform(readMoment),
  v.check(
    (read): read is { calendarMs: number } => read !== null && "calendarMs" in read,
    "a date such as 2020-01-31",
  ),
  v.metadata({ description: "a date of the data, such as 2020-01-31" }),
);
export const startSchema = v.strictObject({ at: date, ...claimParameters });
export const stepSchema = v.strictObject({ seconds: whole(1e9, "simulated s"), ...claimParameters });
export const untilSchema = v.strictObject({
  ...optional({ time: moment, event: kinds, unit: v.string(), latest: moment }),
  ...claimParameters,
});

/** `/set/acc/<n>`. */
export function parseAcceleration(acceleration: string, given: GivenParameters): Checked<CommunityRequest> {
  const rate = checkParameters(accelerationSchema, { acceleration });
  if (!rate.ok) return rate;
  const checked = checkParameters(plainTimeSchema, given);
  if (!checked.ok) return checked;
  return withClaim(checked.value, {
    kind: "setAcceleration",
    accelerationFactor: rate.value.acceleration,
  });
}

/** `/time/hold` and `/time/run`. */
export function parsePlainTime(
  given: GivenParameters,
  kind: "holdTime" | "runTime",
): Checked<CommunityRequest> {
  const checked = checkParameters(plainTimeSchema, given);
  return checked.ok ? withClaim(checked.value, { kind }) : checked;
}

/** `/time/start?at=`. */
export function parseStart(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(startSchema, given);
  if (!checked.ok) return checked;
  const { calendarMs } = checked.value.at as { calendarMs: number };
  return withClaim(checked.value, { kind: "startRun", atMs: calendarMs });
}

/** `/time/step?seconds=`. */
export function parseStep(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(stepSchema, given);
  if (!checked.ok) return checked;
  return withClaim(checked.value, { kind: "stepTime", seconds: checked.value.seconds });
}

/** `/time/until?time=` or `?event=&unit=&latest=`. */
export function parseUntil(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(untilSchema, given);
  if (!checked.ok) return checked;
  const { time, event, unit, latest } = checked.value;
  if (event === undefined) {
    if (time === undefined)
      return refuse("missing_parameter", "time is missing; give it, or an event", "time");
    const needless = unit !== undefined ? "unit" : latest !== undefined ? "latest" : null;
    if (needless !== null)
      return refuse("missing_parameter", `${needless} is of an event; event is missing`, "event");
    return withClaim(checked.value, { kind: "untilTime", time });
  }
  if (time !== undefined)
    return refuse("invalid_parameter", "time is given beside event; allowed: latest, or no event", "time");
  const unitNumber = unit === undefined ? undefined : parseUnitId(unit);
  if (unitNumber === null)
    return refuse("unknown_unit", `There is no unit ${JSON.stringify(unit).slice(0, 40)}`, "unit");
  const awaited = { kinds: event, ...definedOf({ unitNumber }) };
  return withClaim(checked.value, { kind: "untilTime", awaited, ...definedOf({ latest }) });
}

type TimeRequest = Extract<CommunityRequest, { readonly claiming?: Claiming }>;

/** `request` with the claim that its parameters make. */
export function withClaim(
  given: { readonly claim?: string | undefined; readonly claimSeconds?: number | undefined },
  request: TimeRequest,
): Checked<CommunityRequest> {
  const { claim: by, claimSeconds: seconds } = given;
  if (by !== undefined)
    return { ok: true, value: { ...request, claiming: { by, seconds: seconds ?? claimSeconds } } };
  if (seconds === undefined) return { ok: true, value: request };
  return refuse("missing_parameter", "claimSeconds is how long a claim lasts; claim is missing", "claim");
}

function readMoment(text: string): TargetMoment | null {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const timeS = Number(text);
    return timeS <= 1e12 ? { timeS } : null;
  }
  const [, date, time] =
    /^(\d{4}[-/]\d\d[-/]\d\d)[-T ](\d\d:\d\d:\d\d)$/.exec(text) ??
    /^(\d{4}[-/]\d\d[-/]\d\d)()$/.exec(text) ??
    [];
  const written = `${date?.replaceAll("/", "-")}T${time || "00:00:00"}`;
  const calendarMs = Date.parse(`${written}Z`);
  // 31 February would be read as 2 March.
  const isThere = Number.isFinite(calendarMs) && new Date(calendarMs).toISOString().startsWith(written);
  return isThere ? { calendarMs } : null;
}
