import * as v from "valibot";
import { firstToldS } from "../../community/records/forget.ts";
import { type PastMoment, readPastMoment } from "../../community/records/past-moment.ts";
import { rateOf } from "../../community/state/clock.ts";
import type { View } from "../../community/state/view.ts";
import { nameOf } from "../../input/homes/complete-home.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { numberFrom, optional } from "../../notation/parameters.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { roundToHundredths } from "../../notation/rounding.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { busVoltageAt, voltageReferenceOf } from "../../simulation/dc-bus.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import { tripCauses } from "../../simulation/trip-causes.ts";
import { outageStates } from "../../simulation/unit.ts";
import { endOfTimeS } from "../../simulation/world.ts";
import { faultsSchema, writeFaults } from "./faults-json.ts";

const number = v.number();

/** What the screen shows of one unit; powers in W, signs as in `PowerReading`. */
const unitStateSchema = v.object({
  id: v.string(),
  display: v.string(),
  upsMode: v.picklist(["battery", "bypass"]),
  acCharging: v.boolean(),
  converterMode: v.picklist(["waiting", "charging", "discharging", "gridAutonomy"]),
  tripCause: v.pipe(
    v.picklist(["none", ...tripCauses]),
    v.description("why its converter was protected, until it takes a mode again"),
  ),
  stateOfChargePercent: number,
  batteryPowerW: number,
  solarPowerW: number,
  curtailedSolarPowerW: number,
  clippedSolarPowerW: number,
  demandPowerW: number,
  acIntakePowerW: number,
  acLossPowerW: number,
  dcLossPowerW: number,
  converterLossPowerW: number,
  wastedPowerW: number,
  shortfallPowerW: number,
  unservedPowerW: number,
  soldPowerW: number,
  saleLossPowerW: number,
  outage: v.picklist(outageStates),
  gridCurrentA: number,
  gridPowerW: number,
  targetBusVoltageV: number,
  droopPercent: number,
  gridCurrentLimitA: number,
});

/** What the screen shows of the whole community (`/state`). */
export const communitySchema = v.object({
  timeS: v.pipe(number, v.description("simulated seconds since the start of the data")),
  time: v.pipe(v.string(), v.description("the same as YYYY/MM/DD-HH:MM:SS")),
  acceleration: v.pipe(
    number,
    v.description("simulated seconds in each sleeptime now: 0 while time is held"),
  ),
  keptAcceleration: v.pipe(number, v.description("the same while time runs, kept while it is held")),
  held: v.boolean(),
  sleepTimeS: number,
  atEndOfData: v.boolean(),
  dataEndS: number,
  resetUnits: v.pipe(number, v.description("units that Reset leaves")),
  busVoltageV: number,
  busRamping: v.boolean(),
  voltageReference: v.pipe(v.nullable(v.string()), v.description("ID of the unit that holds the bus")),
  ...faultsSchema.entries,
  units: v.array(unitStateSchema),
});

type UnitEntries = typeof unitStateSchema.entries;
const columns = v.object(
  Object.fromEntries(
    Object.entries(unitStateSchema.entries).map(([name, entry]) => [name, v.array(entry)]),
  ) as unknown as { [Name in keyof UnitEntries]: v.ArraySchema<UnitEntries[Name], undefined> },
);

/** The same with a column for each reading (`/state/columns`): of many homes a quarter of the signs. */
export const communityColumnsSchema = v.object({
  ...communitySchema.entries,
  units: v.pipe(columns, v.description("a value for each unit in each column, in the order of `id`")),
});

export type CommunityColumnsJson = v.InferOutput<typeof communityColumnsSchema>;
export type UnitStateJson = v.InferOutput<typeof unitStateSchema>;
export type CommunityJson = v.InferOutput<typeof communitySchema>;

function writeUnitState(reading: UnitReading, display: string): UnitStateJson {
  const round = roundToHundredths;
  return {
    id: formatUnitId(reading.number),
    display,
    upsMode: reading.upsMode,
    acCharging: reading.acCharging,
    converterMode: reading.converterMode,
    tripCause: reading.tripCause,
    stateOfChargePercent: round(reading.stateOfChargePercent),
    batteryPowerW: round(reading.batteryPowerW),
    solarPowerW: round(reading.solarPowerW),
    curtailedSolarPowerW: round(reading.curtailedSolarPowerW),
    clippedSolarPowerW: round(reading.clippedSolarPowerW),
    demandPowerW: round(reading.demandPowerW),
    acIntakePowerW: round(reading.acIntakePowerW),
    acLossPowerW: round(reading.acLossPowerW),
    dcLossPowerW: round(reading.dcLossPowerW),
    converterLossPowerW: round(reading.converterLossPowerW),
    wastedPowerW: round(reading.wastedPowerW),
    shortfallPowerW: round(reading.shortfallPowerW),
    unservedPowerW: round(reading.unservedPowerW),
    soldPowerW: round(reading.soldPowerW),
    saleLossPowerW: round(reading.saleLossPowerW),
    outage: reading.outage,
    gridCurrentA: round(reading.dcGridCurrentA),
    gridPowerW: round(reading.dcGridPowerW),
    targetBusVoltageV: reading.targetBusVoltageV,
    droopPercent: reading.droopPercent,
    gridCurrentLimitA: reading.dcGridCurrentLimitA,
  };
}

export const momentParameters = v.object(
  optional({
    timeS: numberFrom(0, 1e12, "simulated s"),
  }),
);

type Moment = v.InferOutput<typeof momentParameters>;

/** The community as it is now. */
export function writeCommunity(view: View): CommunityJson {
  const { timeS, world, community, templates } = view;
  const units = templates.map(({ oesunit }, index) => ({
    reading: view.read(index + 1),
    display: oesunit.display,
  }));
  return writeMoment(view, { timeS, world, bus: community.bus, units });
}

/** The community as it is now, or as it was at `timeS`; its clock is told as it is now. */
export function* writeCommunityAt(view: View, { timeS }: Moment): InParts<CommunityJson | Refused> {
  if (timeS === undefined || timeS === view.timeS) return writeCommunity(view);
  const { records } = view;
  const chapters = view.chapters();
  const earliestS = firstToldS(records);
  if (timeS < earliestS || timeS > view.timeS)
    return refuse(
      "invalid_parameter",
      `timeS is ${timeS}; allowed: what is recorded, from ${earliestS} to ${view.timeS}`,
      "timeS",
    );
  const past = yield* readPastMoment(records, chapters, timeS);
  if (past === null) return refuse("conflict", `The data of simulated second ${timeS} are gone`);
  return writeMoment(view, past);
}

export function* writeCommunityColumns(view: View, moment: Moment): InParts<CommunityColumnsJson | Refused> {
  const told = yield* writeCommunityAt(view, moment);
  if ("refusal" in told) return told;
  const { units, ...community } = told;
  const names = Object.keys(unitStateSchema.entries) as (keyof UnitEntries)[];
  const written = Object.fromEntries(names.map((name) => [name, units.map((unit) => unit[name])]));
  return { ...community, units: written as unknown as CommunityColumnsJson["units"] };
}

function writeMoment(view: View, { timeS, world, bus, units }: PastMoment): CommunityJson {
  const { config, templates } = view;
  const reference = voltageReferenceOf(bus);
  return {
    timeS,
    time: formatCalendar(toCalendar(config.startTime, timeS)),
    acceleration: rateOf(view.clock),
    keptAcceleration: view.clock.accelerationFactor,
    held: view.clock.held,
    sleepTimeS: config.sleeptime,
    atEndOfData: timeS >= endOfTimeS(world),
    dataEndS: world.dataLengthS,
    resetUnits: view.resetUnits,
    busVoltageV: roundToHundredths(busVoltageAt(bus, timeS)),
    busRamping: timeS < bus.rampEndS,
    voltageReference: reference === null ? null : formatUnitId(reference),
    ...writeFaults({ ...view, timeS }),
    units: units.map(({ reading, display }) => {
      const { number } = reading;
      const name = nameOf(config, number) ?? display ?? templates[number - 1]?.oesunit.display ?? "";
      return writeUnitState(reading, name);
    }),
  };
}
