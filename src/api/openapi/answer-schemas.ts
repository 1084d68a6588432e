import { commandColumns } from "../../community/records/command-log.ts";
import { powerNames } from "../../community/records/history.ts";
import { individualColumns } from "../../community/records/individual.ts";
import { summaryColumns } from "../../community/records/summary.ts";
import { logLevels } from "../../community/watching/log.ts";
import { converterCodes } from "../../input/units/unit-codes.ts";
import { errorStatuses } from "../http/errors.ts";
import type { AnswerName } from "../http/routes.ts";

/** A JSON Schema, draft 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

const number: Schema = { type: "number" };
const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const listOf = (items: Schema): Schema => ({ type: "array", items });
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });

/** An object with all of these fields and no others. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

/** Fields of the same kind. */
function fields(schema: Schema, names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, schema]));
}

const numbers = (names: string): Schema => object(fields(number, names.split(" ")));

const systemTime = numbers("year month day hour minute");
const code = oneOf(...Object.values(converterCodes));
const meter = numbers("vg ig wg vb ib wb tmp");
const vdis = numbers("dvg drg");
const shortStatus = object({ status: code, alarmState: text, operationMode: text });
const dig = object({ dig: number });
const oesunit = object({
  on: flag,
  ...fields(text, ["id", "display", "ip", "ipv6_ll", "ipv6_g", "mac", "sn", "budo"]),
});
const emu = object({
  ...fields(
    number,
    [
      "charge_discharge_power rsoc battery_rsoc battery_voltage battery_current pvc_charge_voltage",
      "pvc_charge_current pvc_charge_power ups_input_voltage ups_output_voltage ups_output_current",
      "ups_output_power ups_output_frequency ups_operation_schedule",
    ]
      .join(" ")
      .split(" "),
  ),
  system_time: systemTime,
  ups_operation_mode: numbers("parameter mode stop_mode"),
  dischargeable_time: numbers("hour minute"),
});
const converter = object({
  status: object({
    status: code,
    ...fields(text, ["statusName", "alarm", "alarmState", "runningState", "operationMode"]),
  }),
  powermeter: numbers("p1 p2 v1 i1 kwh1 kwh2"),
  meter,
  vdis,
  param: numbers("dig ogv ugv cib obv ubv"),
});
const set = object({ status: shortStatus, meter, vdis, param: dig });

const unitState = object({
  id: text,
  display: text,
  upsMode: oneOf("battery", "bypass"),
  acCharging: flag,
  converterMode: oneOf(...Object.keys(converterCodes)),
  ...fields(
    number,
    [
      "stateOfChargePercent batteryPowerW solarPowerW curtailedSolarPowerW demandPowerW acIntakePowerW",
      "acLossPowerW dcLossPowerW converterLossPowerW wastedPowerW shortfallPowerW gridCurrentA gridPowerW",
      "targetBusVoltageV droopPercent gridCurrentLimitA",
    ]
      .join(" ")
      .split(" "),
  ),
});
const state = object({
  ...fields(number, ["timeS", "acceleration", "sleepTimeS", "dataEndS", "resetUnits", "busVoltageV"]),
  time: text,
  atEndOfData: flag,
  busRamping: flag,
  voltageReference: orNull(text),
  units: listOf(unitState),
});

const described = (schema: Schema, description: string): Schema => ({ ...schema, description });
const column = described(listOf(orNull(number)), "a value for each bin; null where nothing is known");
const matrix = described(listOf(column), "a list of values for each bin, one for each unit");
const bins = {
  fromS: described(number, "the beginning of the first bin [simulated s]"),
  toS: described(number, "the end of the last bin [simulated s]"),
  resolutionS: described(number, "the length of a bin, whose beginning is a multiple of it [simulated s]"),
  timeS: described(listOf(number), "when each bin begins [simulated s]"),
  time: described(listOf(text), "when each bin begins, as a date such as 2020-01-01 00:30:00"),
  lengthS: described(listOf(number), "the length of each bin; the last ends at the present [simulated s]"),
};
const powers = fields(
  described(column, "mean power over each bin, its energy divided by its length [W]"),
  powerNames,
);
const history: Schema = {
  anyOf: [
    object({
      ...bins,
      rsocMin: described(column, "the least charge in each bin, exact [%]"),
      rsoc: described(column, "the mean charge over each bin, exact [%]"),
      rsocMax: described(column, "the greatest charge in each bin, exact [%]"),
      ...powers,
    }),
    object({
      ...bins,
      rsocMin: described(column, "the least charge of any unit in each bin [%]"),
      rsocP5: described(column, "5th percentile, over the units, of their least charges in each bin [%]"),
      rsoc: described(column, "mean, over the units, of their mean charges in each bin [%]"),
      rsocMedian: described(column, "median, over the units, of their mean charges in each bin [%]"),
      rsocP95: described(
        column,
        "95th percentile, over the units, of their greatest charges in each bin [%]",
      ),
      rsocMax: described(column, "the greatest charge of any unit in each bin [%]"),
      ...powers,
    }),
    object({ ...bins, units: listOf(text), ...fields(matrix, ["rsocMin", "rsoc", "rsocMax"]) }),
  ],
};

const summaryRow = object({ ...fields(orNull(number), summaryColumns), time: text });
const summary = object({
  runBeganMs: orNull(number),
  ...fields(number, ["fromDay", "toDay", "daysPerRow"]),
  rows: listOf(summaryRow),
  totals: object({
    ...fields(orNull(number), ["selfSufficiency", "selfConsumption", "batteryCycles"]),
    ...fields(number, ["exchangeWh", "shortfallWh", "balanceResidualWh"]),
    lossesWh: numbers("ac dc wasted"),
  }),
});
const line: Schema = {
  ...object({ time: text, level: oneOf(...logLevels), message: text }),
  properties: { time: text, level: oneOf(...logLevels), message: text, fields: { type: "object" } },
};
const individualRow = object({
  ...fields(number, individualColumns),
  ...fields(text, ["id", "time", "oesunit_id"]),
});
const commandRow = object({
  ...fields(text, commandColumns),
  ...fields(number, ["id", "time_s", "wall_ms"]),
});

/** What each answer is. */
export const answerSchemas: Readonly<Record<AnswerName, Schema>> = {
  unit: object({ emu, dcdc: set, oesunit, time: text }),
  emu,
  converter,
  status: object({ status: shortStatus, meter }),
  set,
  voltage: object({ meter, vdis }),
  current: object({ meter, param: dig }),
  log: {
    type: "object",
    additionalProperties: object({ emu, dcdc: converter, oesunit, time: text }),
  },
  acceleration: number,
  state,
  history,
  summary,
  messages: listOf(line),
  metrics: text,
};

/** What the records are as JSON. */
export const exportSchemas = {
  summary: listOf(summaryRow),
  individual: listOf(individualRow),
  commands: object({
    run: { type: "object" },
    ...fields(number, ["version", "untilS", "fromDay", "toDay"]),
    commands: listOf(commandRow),
  }),
} as const;

export const errorSchema: Schema = object({
  error: {
    ...object({ code: oneOf(...Object.keys(errorStatuses)), message: text }),
    properties: { code: oneOf(...Object.keys(errorStatuses)), message: text, parameter: text },
  },
});
