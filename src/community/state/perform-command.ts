import { faultsAt, noFaults } from "../../input/faults/fault.ts";
import type { UnitDescription } from "../../input/units/read-unit-file.ts";
import { checkDroop } from "../../laboratory/check-droop.ts";
import { answerWith, type Refused, refuse } from "../../notation/refusal.ts";
import { pickSettings } from "../../simulation/reading.ts";
import { takeSnapshot } from "../../simulation/snapshot.ts";
import type { UnitState } from "../../simulation/unit.ts";
import type { StoredChange } from "../storage/storage.ts";
import { behindS } from "./catch-up.ts";
import { worldNow } from "./chapter-note.ts";
import { claimAfter } from "./claim.ts";
import type { Done } from "./done.ts";
import { addFault, endFault } from "./faults.ts";
import { findTarget } from "./find-target.ts";
import { useData } from "./own-data.ts";
import { setHome, setHomes } from "./own-homes.ts";
import type { Present } from "./present.ts";
import { type Command, pathOfReply } from "./request.ts";
import { handleSnapshot, keepUploaded, startRun } from "./snapshot-commands.ts";
import { hasUnit, refuseUnit } from "./view.ts";

/** Does what `command` asks for at simulated second `timeS`, which is `wallMs`; nothing of it is kept yet. */
export function performCommand(
  present: Present,
  command: Exclude<Command, { kind: "step" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  switch (command.kind) {
    case "changeUnit":
      return changeUnit(present, command, timeS);
    case "addUnit":
      return addUnits(present, command.count ?? 1, timeS);
    case "removeUnit":
      return removeUnit(present, timeS);
    case "save":
      return save(present, command.asFile, timeS);
    case "loadLast":
      present.passEventsUntil(timeS);
      return doneWithLog(present, {
        timeS,
        ...present.members.load(present.lastSave, present.moment(timeS)),
      });
    case "reset":
      return reset(present, command, timeS, wallMs);
    case "setAcceleration": {
      const held = command.accelerationFactor === 0;
      const accelerationFactor = held ? present.time.clock.accelerationFactor : command.accelerationFactor;
      present.time.setRate({ accelerationFactor, held }, timeS, wallMs);
      const change = present.turned(command, timeS, wallMs);
      return { change, answer: () => answerWith(command.accelerationFactor) };
    }
    case "holdTime":
    case "runTime": {
      const { accelerationFactor } = present.time.clock;
      const held = command.kind === "holdTime";
      present.time.setRate({ accelerationFactor, held }, timeS, wallMs);
      const change = present.turned(command, timeS, wallMs);
      return { change, answer: () => present.at.writer.answerTime(present.view(timeS, wallMs)) };
    }
    case "stepTime":
    case "untilTime":
      return step(present, command, timeS, wallMs);
    case "useData":
      return useData(present, command, timeS, wallMs);
    case "setHomes":
      return setHomes(present, command, timeS, wallMs);
    case "setHome":
      return setHome(present, command, timeS, wallMs);
    case "addFault":
      return addFault(present, command, timeS);
    case "endFault":
      return endFault(present, command, timeS);
    case "uploadSnapshot":
      return keepUploaded(present, command, timeS, wallMs);
    case "startRun":
      return startRun(present, command, timeS, wallMs);
    case "keepSnapshot":
    case "deleteSnapshot":
    case "restoreSnapshot":
    case "beginSnapshot":
      return handleSnapshot(present, command, timeS, wallMs);
    case "commitAll": {
      const change = present.commitAll(timeS);
      return { change, answer: () => present.at.writer.answerTime(present.view(timeS, wallMs)) };
    }
  }
}

/** Holds the clock at simulated second `timeS` and moves it to where the command leads: that is passed before the answer. */
function step(
  present: Present,
  command: Extract<Command, { kind: "stepTime" | "untilTime" }>,
  timeS: number,
  wallMs: number,
): Done | Refused {
  const { community } = present.members;
  const { startTime } = present.at.config;
  present.passEventsUntil(timeS);
  const target = findTarget(command, { community, timeS, world: present.world, startTime });
  if (!target.ok) return target;
  const { ok: _, timeS: targetS, ...event } = target;
  const taken = { heldByThisStep: !present.time.clock.held, ...event };
  present.time.holdAt(targetS, wallMs);
  return {
    change: present.turned(command, timeS, wallMs),
    answer: () => {
      present.passEventsUntil(present.time.reach(targetS));
      return present.at.writer.answerTime(present.view(targetS, wallMs), taken);
    },
  };
}

function doneWithLog(present: Present, change: StoredChange): Done {
  return { change, answer: () => present.at.writer.answerLog(present.view(change.timeS)) };
}

function changeUnit(
  present: Present,
  command: Extract<Command, { kind: "changeUnit" }>,
  timeS: number,
): Done | Refused {
  const { unitNumber, change, reply, echo } = command;
  const { writer } = present.at;
  const view = present.view(timeS);
  if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
  const refusal = checkDroop(unitNumber, change, present.world);
  if (refusal !== null) return refusal;
  const changed = () => present.members.change(unitNumber, change, present.moment(timeS));
  if (reply === "log")
    return {
      change: { timeS, ...changed() },
      answer: () => writer.answerLog(view, unitNumber, echo),
    };
  const answer = () => writer.answerUnit(view, unitNumber, reply);
  const faults = faultsAt(present.faults, unitNumber, pathOfReply(reply), timeS);
  const ignoring = faults.find(({ kind }) => kind === "ignoreCommands");
  if (ignoring !== undefined) return { change: { timeS }, note: `ignored by fault ${ignoring.id}`, answer };
  return { change: { timeS, ...changed() }, answer };
}

function addUnits(present: Present, count: number, timeS: number): Done {
  return doneWithLog(present, { timeS, ...present.members.add(count, present.moment(timeS)) });
}

function removeUnit(present: Present, timeS: number): Done | Refused {
  if (present.members.count === 1)
    return refuse("conflict", "E001 is the last unit; a community keeps at least one");
  present.passEventsUntil(timeS);
  return doneWithLog(present, { timeS, ...present.members.removeLast(present.moment(timeS)) });
}

function reset(
  present: Present,
  { restartClock, units, claiming }: Extract<Command, { kind: "reset" }>,
  timeS: number,
  wallMs: number,
): Done {
  const { reset } = present.at.files;
  if (!restartClock) {
    present.passEventsUntil(timeS);
    return doneWithLog(present, { timeS, ...present.members.replace(reset, present.moment(timeS), units) });
  }
  // What is about to be forgotten is told of if nobody has to wait for it.
  if (behindS(present.members.community.units, timeS) === 0) present.passEventsUntil(timeS);
  present.behindSinceDay = null;
  present.faults = noFaults;
  present.at = present.given;
  if (present.turns) present.world = worldNow(present.at);
  const change = present.members.begin(reset, present.moment(0), units);
  present.time.restart(wallMs);
  present.time.claim(claimAfter(claiming, present.time.clock.claim, wallMs));
  if (present.turns) {
    present.time = present.createTimekeeper(present.time.clock, wallMs, present.at.config, present.world);
    present.recorder = present.createRecorder();
    present.turns = false;
  }
  const { clock } = present.time;
  const { faults } = present;
  const begun = { timeS: 0, ...change, restart: true, clock, faults, ...present.describeRun(wallMs) };
  return doneWithLog(present, begun);
}

function save(present: Present, asFile: boolean, timeS: number): Done {
  const { community } = present.members;
  const units = community.units.map((unit) => describe(present, unit, timeS));
  present.lastSave = { units, snapshot: takeSnapshot(community, timeS, present.world) };
  const { change, answer } = doneWithLog(present, { timeS, lastSave: present.lastSave });
  return { change, answer: () => (asFile ? { ...answer(), fileName: "lastSave.json" } : answer()) };
}

function describe(present: Present, unit: UnitState, timeS: number): UnitDescription {
  return { settings: pickSettings(present.read(unit, timeS)), template: present.templateOf(unit.number) };
}
