import type { Config } from "../../input/config/entries.ts";
import type { Faults } from "../../input/faults/fault.ts";
import type { Save } from "../../input/units/save.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { moveSnapshot, takeSnapshot } from "../../simulation/snapshot.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay, type World } from "../../simulation/world.ts";
import { firstToldS } from "../records/forget.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import { startName } from "../storage/snapshot-rows.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { Chapter, Clock, KeptSnapshot, SnapshotHead } from "../storage/stored-shapes.ts";
import type { Members } from "./members.ts";
import type { Command } from "./request.ts";

/*
 * A snapshot is all that is true at one moment, with where in its run that was. To go back to it is to forget what came after;
 * so one is taken by itself before each command that loses something. One whose past has been forgotten begins a branch.
 */

interface Scene {
  readonly members: Members;
  readonly storage: RecordStorage;
  readonly chapters: readonly Chapter[];
  readonly world: World;
  readonly config: Config;
  readonly clock: Clock;
  /** What Save All kept, or null if it never did. */
  readonly lastSave: Save | null;
  readonly faults: Faults;
}

/** The snapshot of simulated second `timeS`, up to which all events have been passed. */
export function describeSnapshot(
  { members, storage, chapters, world, config, clock, lastSave, faults }: Scene,
  reason: SnapshotHead["reason"],
  timeS: number,
  wallMs: number,
): KeptSnapshot {
  const { units, bus } = takeSnapshot(members.community, timeS, world);
  const chapter = chapters.at(-1) as Chapter;
  return {
    head: {
      timeS,
      takenWallMs: Math.max(0, wallMs),
      reason,
      startTime: config.startTime,
      unitCount: units.length,
      runBeganMs: (chapters[0] as Chapter).beganWallMs,
      afterCommandId: storage.lastCommandId(),
      isForgotten: false,
    },
    chapter,
    chapterCount: chapters.length,
    accelerationFactor: clock.accelerationFactor,
    units: units.map((state) => ({ state, template: members.templateOf(state.number) })),
    bus,
    highestUnit: storage.highestUnitNumber(),
    departed: storage.readDeparted(Math.floor(timeS / secondsPerDay)),
    lastSave,
    faults,
  };
}

/** The name of a snapshot that is taken by itself before the command that comes after the one with this id. */
export function nameOwn({ reason, afterCommandId }: SnapshotHead): string {
  return `${ownPrefix}${reason}-${afterCommandId}`;
}

/** Why no snapshot may be kept under `name`, or null. */
export function refuseName(name: string, storage: RecordStorage): Refused | null {
  if (name.startsWith(ownPrefix))
    return refuse(
      "invalid_parameter",
      `name is ${name}; allowed: one that does not begin with ${ownPrefix}`,
      "name",
    );
  return hasSnapshot(name, storage) || name === startName
    ? refuse("conflict", `There is a snapshot ${name}; allowed: a name that none has`, "name")
    : null;
}

export function refuseMissing(name: string, storage: RecordStorage): Refused | null {
  if (hasSnapshot(name, storage)) return null;
  return refuse("not_found", `There is no snapshot ${name}; /snapshots lists those that are kept`, "name");
}

function hasSnapshot(name: string, storage: RecordStorage): boolean {
  return storage.listSnapshots().some((head) => head.name === name);
}

const ownPrefix = "before-";

/** What a command loses, so that a snapshot is taken before it; or null. */
export function reasonOf({ kind }: Command): SnapshotHead["reason"] | null {
  if (kind === "restoreSnapshot") return "restore";
  if (kind === "startRun" || kind === "beginSnapshot") return "start";
  return kind === "reset" || kind === "loadLast" || kind === "removeUnit" ? kind : null;
}

/** What makes a community that begins, at `wallMs`, with a snapshot and nothing of what led to it. */
export function beginFrom(content: KeptSnapshot, wallMs: number): StoredChange {
  const { head, chapter, accelerationFactor, lastSave, faults } = content;
  const { timeS } = head;
  const states = content.units.map(({ state }) => state);
  const moved = moveSnapshot({ timeS, units: states, bus: content.bus }, timeS);
  const units = content.units.map(({ template }, index) => ({
    state: moved.units[index] as UnitState,
    template,
  }));
  const first = { ...chapter, fromS: timeS, beganWallMs: wallMs, afterCommandId: 0, lostUntilS: null };
  const begun = {
    ...head,
    runBeganMs: wallMs,
    afterCommandId: 0,
    reason: "start" as const,
    isForgotten: false,
  };
  const start = { ...content, head: begun, chapter: first, chapterCount: 1, units, departed: [] };
  return {
    timeS,
    units,
    unitCount: units.length,
    bus: moved.bus,
    clock: { anchorWallMs: wallMs, anchorSimulatedS: timeS, accelerationFactor, held: true, claim: null },
    restart: true,
    run: { beganWallMs: wallMs, accelerationFactor, lastSave },
    chapters: [first],
    ...(lastSave && { lastSave }),
    faults,
    start: { name: startName, content: start },
  };
}

/** Why a community cannot go back to a snapshot, or null. */
export function refuseRestore(
  { runBeganMs, isForgotten, timeS }: SnapshotHead,
  { storage, chapters }: { readonly storage: RecordStorage; readonly chapters: readonly Chapter[] },
): Refused | null {
  const branches = "it can only begin another run, with /snapshots/begin, or a branch";
  if (runBeganMs !== chapters[0]?.beganWallMs)
    return refuse("conflict", `The snapshot is of another run: ${branches}`, "name");
  if (isForgotten || timeS < firstToldS(storage))
    return refuse("conflict", `What led to the snapshot is forgotten: ${branches}`, "name");
  return null;
}
