import * as v from "valibot";
import type { StepLog } from "./step-log.ts";

/** Modes of a converter on the wire, each with its `operationMode`. */
export const operationModes = {
  "0x0000": "Waiting",
  "0x0002": "Heteronomy CV",
  "0x0014": "Grid Autonomy",
  "0x0041": "Heteronomy CV",
} as const;

export type ModeCode = keyof typeof operationModes;

const number = v.pipe(v.number(), v.finite());
const between = (lowest: number, highest: number) => v.pipe(number, v.minValue(lowest), v.maxValue(highest));
const numbers = (names: string[]) => v.strictObject(Object.fromEntries(names.map((name) => [name, number])));

const status = v.pipe(
  v.strictObject({
    status: v.picklist(Object.keys(operationModes) as ModeCode[]),
    alarmState: v.picklist(["No alarm", "Light alarm"]),
    operationMode: v.string(),
  }),
  v.check(
    ({ status, operationMode }) => operationModes[status] === operationMode,
    "operationMode does not belong to status",
  ),
);
/** Ranges of apis-main's default hardware file. */
const meter = v.strictObject({
  wg: number,
  tmp: between(0, 45),
  vb: between(32, 58.4),
  wb: number,
  vg: between(-4, 380),
  ib: between(-20, 20),
  ig: between(-2.35, 2.35),
});
const vdis = v.strictObject({ dvg: number, drg: number });
const param = v.strictObject({ dig: number });

const statusReply = v.strictObject({ status, meter });
const voltageReply = v.strictObject({ meter, vdis });
const currentReply = v.strictObject({ meter, param });
const setReply = v.strictObject({ status, meter, vdis, param });

const emu = v.strictObject({
  charge_discharge_power: number,
  system_time: numbers(["year", "month", "day", "hour", "minute"]),
  rsoc: between(0, 100),
  battery_rsoc: number,
  battery_voltage: number,
  battery_current: number,
  pvc_charge_voltage: number,
  pvc_charge_current: number,
  pvc_charge_power: number,
  ups_input_voltage: number,
  ups_output_voltage: number,
  ups_output_current: number,
  ups_output_power: number,
  ups_output_frequency: number,
  ups_operation_mode: numbers(["parameter", "mode", "stop_mode"]),
  ups_operation_schedule: number,
  dischargeable_time: numbers(["hour", "minute"]),
});
const oesunit = v.strictObject({
  on: v.boolean(),
  id: v.string(),
  display: v.string(),
  ip: v.string(),
  ipv6_ll: v.string(),
  ipv6_g: v.string(),
  mac: v.string(),
  sn: v.string(),
  budo: v.string(),
});
const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}\/\d\d\/\d\d-\d\d:\d\d:\d\d$/),
  v.transform(parseTime),
  v.check((seconds) => Number.isFinite(seconds), "no such date"),
);
const unitReply = v.strictObject({ emu, dcdc: setReply, oesunit, time });

const schemas = {
  unit: unitReply,
  status: statusReply,
  set: setReply,
  voltage: voltageReply,
  current: currentReply,
};

export type ReplyKind = keyof typeof schemas;
export type Reply<K extends ReplyKind> = v.InferOutput<(typeof schemas)[K]>;
/** `/get/unit`, with `time` as seconds since 1970. */
export type UnitReply = Reply<"unit">;

/** Reads a reply of exactly the shape that apis-main knows; throws a `ConformanceError` for any other. */
export function readReply<K extends ReplyKind>(
  kind: K,
  json: unknown,
  log: StepLog,
  request: string,
): Reply<K> {
  const result = v.safeParse(schemas[kind], json);
  if (result.success) return result.output as Reply<K>;
  const issue = result.issues[0];
  const path = v.getDotPath(issue) ?? "reply";
  log.expect(false, `${request}: ${path} ${issue.expected ?? issue.message}`, issue.received);
  throw new Error("unreachable");
}

function parseTime(text: string): number {
  return Date.parse(`${text.replaceAll("/", "-").replace(/-(?=\d\d:)/, "T")}Z`) / 1000;
}
