import * as v from "valibot";
import type { View } from "../../community/state/view.ts";
import { type Fault, isGone, isOn } from "../../input/faults/fault.ts";
import { faultKindNames } from "../../input/faults/kinds.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";

const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

const faultSchema = v.object({
  id: v.number(),
  kind: v.picklist(faultKindNames),
  unit: described(v.nullable(v.string()), "ID of the unit, or null where it is of all"),
  on: described(v.boolean(), "whether it has begun"),
  from: described(v.string(), "when it begins in simulated time, as YYYY/MM/DD-HH:MM:SS"),
  fromS: described(v.number(), "the same in simulated seconds since the start of the data"),
  until: described(v.nullable(v.string()), "when it ends by itself, or null"),
  untilS: v.nullable(v.number()),
  parameters: described(
    v.record(v.string(), v.union([v.number(), v.string()])),
    "what it was told, with defaults in the place of what it was not",
  ),
});

/** What `/faults` tells, and `/state` among other things. */
export const faultsSchema = v.object({
  faults: described(v.array(faultSchema), "faults of the hardware that are on or will be"),
});

/** What a command answers that adds or ends a fault. */
export const faultChangedSchema = v.object({
  id: described(v.number(), "of the fault that was added, or has ended"),
  ...faultsSchema.entries,
});

export type FaultJson = v.InferOutput<typeof faultSchema>;

export function writeFaults({ faults, timeS, config, community }: View): v.InferOutput<typeof faultsSchema> {
  const timeOf = (momentS: number) => formatCalendar(toCalendar(config.startTime, momentS));
  const write = (fault: Fault): FaultJson => {
    const { id, kind, unitNumber, fromS, untilS, values } = fault;
    return {
      id,
      kind,
      unit: unitNumber === null ? null : formatUnitId(unitNumber),
      on: isOn(fault, timeS),
      from: timeOf(fromS),
      fromS,
      until: untilS === null ? null : timeOf(untilS),
      untilS,
      parameters: { ...values } as FaultJson["parameters"],
    };
  };
  return { faults: faults.list.filter((fault) => !isGone(fault, timeS, community.units)).map(write) };
}
