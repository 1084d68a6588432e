import { atOnce } from "../../notation/in-parts.ts";
import { type Answer, type Refused, refuse } from "../../notation/refusal.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { moveSnapshot, takeSnapshot } from "../../simulation/snapshot.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { startName } from "../storage/snapshot-rows.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { Clock, KeptSnapshot, SnapshotHead } from "../storage/stored-shapes.ts";
import { computedDays } from "./carry-on.ts";
import { behindS } from "./catch-up.ts";
import type { Done } from "./done.ts";
import { moveFaults } from "./faults.ts";
import type { Present } from "./present.ts";
import { type Command, type SnapshotCommand, tellOf } from "./request.ts";
import {
  beginFrom,
  describeSnapshot,
  nameOwn,
  reasonOf,
  refuseMissing,
  refuseName,
  refuseRestore,
} from "./snapshots.ts";

export function handleSnapshot(
  present: Present,
  { kind, name, claiming }: SnapshotCommand,
  timeS: number,
  wallMs: number,
): Done | Refused {
  const { storage } = present.at;
  const refusal = kind === "keepSnapshot" ? refuseName(name, storage) : refuseMissing(name, storage);
  if (refusal !== null) return refusal;
  const answer = () => listSnapshots(present, timeS, wallMs);
  if (kind === "deleteSnapshot") return { change: { timeS, withoutSnapshot: name }, answer };
  if (kind === "keepSnapshot") {
    // As when it is restored.
    const change = present.commitAll(timeS);
    return {
      change: { ...change, snapshot: { name, content: take(present, "kept", timeS, wallMs) } },
      answer,
    };
  }
  const content = storage.readSnapshot(name) as KeptSnapshot;
  if (kind === "beginSnapshot") {
    const change = beginFrom(content, wallMs);
    const { claim } = present.turned({ ...(claiming && { claiming }) }, timeS, wallMs).clock as Clock;
    return {
      change: { ...change, clock: { ...(change.clock as Clock), claim } },
      leavesMemory: true,
      answer,
    };
  }
  const refused = refuseRestore(content.head, { storage, chapters: present.chapters });
  if (refused !== null) return refused;
  const { accelerationFactor } = content;
  present.time.holdAt(content.head.timeS, wallMs);
  const { clock } = present.turned({ ...(claiming && { claiming }) }, timeS, wallMs);
  return {
    change: { timeS, clock: { ...(clock as Clock), accelerationFactor } },
    goesBackTo: { name, content },
    answer,
  };
}

/** Of what led to an uploaded snapshot nothing is known here: it can begin a branch. */
export function keepUploaded(
  present: Present,
  { name, content }: Extract<Command, { kind: "uploadSnapshot" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  const { storage } = present.at;
  const refusal = refuseName(name, storage);
  if (refusal !== null) return refusal;
  const head = { ...content.head, reason: "uploaded" as const, isForgotten: true };
  return {
    change: { timeS, snapshot: { name, content: { ...content, head } } },
    answer: () => listSnapshots(present, timeS, wallMs),
  };
}

/** All that is true now moves to a midnight of the data, and another run begins there with one chapter. */
export function startRun(
  present: Present,
  command: Extract<Command, { kind: "startRun" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  const { config } = present.at;
  const world = present.world;
  const startS = (command.atMs - Date.parse(`${config.startTime}Z`)) / 1000;
  const lastS = world.atEndOfData === "stop" ? world.dataLengthS - secondsPerDay : Number.POSITIVE_INFINITY;
  if (startS % secondsPerDay !== 0 || startS < 0 || startS > lastS) {
    const day = (momentS: number) => formatCalendar(toCalendar(config.startTime, momentS)).slice(0, 10);
    const last = lastS === Number.POSITIVE_INFINITY ? "any later" : day(lastS);
    return refuse("invalid_parameter", `at is no midnight of the data; allowed: ${day(0)} to ${last}`, "at");
  }
  const { community } = present.members;
  const { units, bus } = moveSnapshot(takeSnapshot(community, timeS, world), startS);
  community.units = units;
  community.bus = bus;
  present.time.restart(wallMs, startS);
  const { clock } = present.turned(command, startS, wallMs);
  const run = present.describeRun(wallMs, startS);
  present.faults = moveFaults(present.faults, timeS, startS);
  const { faults } = present;
  const change = {
    timeS: startS,
    ...present.members.all(),
    ...run,
    clock: clock as Clock,
    faults,
    restart: true,
  };
  const parts = {
    members: present.members,
    storage: present.at.storage,
    chapters: present.chapters,
    config,
    world,
    faults,
  };
  const { lastSave } = run.run;
  const scene = { ...parts, clock: present.time.clock, lastSave };
  const content = { ...describeSnapshot(scene, "start", startS, wallMs), departed: [] };
  return {
    change: { ...change, start: { name: startName, content } },
    answer: () => present.at.writer.answerTime(present.view(startS, wallMs)),
  };
}

function take(present: Present, reason: SnapshotHead["reason"], timeS: number, wallMs: number): KeptSnapshot {
  const { config, storage, files } = present.at;
  present.passEventsUntil(timeS);
  present.keepTrips();
  present.recorder.recordUntil(timeS, present.historyDays);
  const lastSave = present.lastSave === files.lastSave ? null : present.lastSave;
  const { clock } = present.time;
  const { members, chapters, faults } = present;
  const parts = { members, storage, chapters, config, clock, lastSave, faults };
  return describeSnapshot({ ...parts, world: present.world }, reason, timeS, wallMs);
}

/** The snapshot that is kept of what a command is about to lose. */
export function takeBefore(
  present: Present,
  command: Command,
  timeS: number,
  wallMs: number,
): Pick<StoredChange, "snapshot"> {
  const reason = reasonOf(command);
  // To begin anew nobody waits for what lies far behind.
  if (reason === null || behindS(present.members.community.units, timeS, computedDays(present)) > 0)
    return {};
  const content = take(present, reason, timeS, wallMs);
  // To what lies behind the moment that is gone back to nobody goes back.
  const head = { ...content.head, isForgotten: reason === "restore" };
  return { snapshot: { name: nameOwn(head), content: { ...content, head } } };
}

function listSnapshots(present: Present, timeS: number, wallMs: number): Answer {
  return atOnce(present.at.writer.answerQuery(tellOf("/snapshots"), present.view(timeS, wallMs)));
}
