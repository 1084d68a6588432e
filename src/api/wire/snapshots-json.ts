import * as v from "valibot";
import { refuseMissing, refuseRestore } from "../../community/state/snapshots.ts";
import type { View } from "../../community/state/view.ts";
import { formVersion } from "../../community/storage/stored-forms.ts";
import type { Refused } from "../../notation/refusal.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";

export const snapshotFormat = "apis-emulator snapshot";

const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

/** What `/snapshots` tells. */
export const snapshotsSchema = v.object({
  snapshots: v.array(
    v.object({
      name: v.string(),
      time: described(v.string(), "its moment in simulated time, as YYYY/MM/DD-HH:MM:SS"),
      timeS: described(v.number(), "the same in simulated seconds since the start of the data"),
      taken: described(v.string(), "when it was taken in real time"),
      reason: described(v.string(), "kept, uploaded, or the command before which it was taken by itself"),
      units: described(v.number(), "how many there were"),
      run: described(v.string(), "when its run began in real time"),
      restorable: described(
        v.boolean(),
        "whether the community can go back to it; any can begin another run, or a branch",
      ),
    }),
  ),
});

export function writeSnapshots({ records, chapters }: View): v.InferOutput<typeof snapshotsSchema> {
  const scene = { storage: records, chapters: chapters() };
  return {
    snapshots: records.listSnapshots().map((head) => ({
      name: head.name,
      time: formatCalendar(toCalendar(head.startTime, head.timeS)),
      timeS: head.timeS,
      taken: new Date(head.takenWallMs).toISOString(),
      reason: head.reason,
      units: head.unitCount,
      run: new Date(head.runBeganMs).toISOString(),
      restorable: refuseRestore(head, scene) === null,
    })),
  };
}

/** A snapshot as a file: all that a community is made of that begins there. */
export const snapshotFileSchema = v.object({
  format: v.literal(snapshotFormat),
  version: v.number(),
  name: v.string(),
  snapshot: described(
    v.record(v.string(), v.unknown()),
    "units with their states, bus, chapter, Save All; in the form that is stored",
  ),
});

export function writeSnapshotFile(
  { records }: View,
  name: string,
): v.InferOutput<typeof snapshotFileSchema> | Refused {
  const snapshot = records.readSnapshot(name);
  if (snapshot === null) return refuseMissing(name, records) as Refused;
  return { format: snapshotFormat, version: formVersion, name, snapshot };
}
