import type { Fault } from "../../input/faults/fault.ts";
import type { HardwarePath } from "../../input/faults/kinds.ts";
import type { HomeChange } from "../../input/homes/change-home.ts";
import type { Homes } from "../../input/homes/home-schema.ts";
import type { RolloutRequest, StepRequest } from "../../laboratory/step-request.ts";
import type { UnitChange } from "../../simulation/commands.ts";
import type { Awaited } from "../../simulation/occurrences.ts";
import type { KeptSnapshot } from "../storage/stored-shapes.ts";
import type { LogLevel } from "../watching/log.ts";

/** The parts of a unit that the Web API answers with. */
export type ReplyPart = "unit" | "emu" | "converter" | "status" | "set" | "voltage" | "current";

const replyPaths = {
  unit: "/get/unit",
  emu: "/get/emu",
  converter: "/get/dcdc",
  status: "/get/dcdc/status",
  set: "/set/dcdc",
  voltage: "/set/dcdc/voltage",
  current: "/set/dcdc/current",
} as const satisfies Record<ReplyPart, HardwarePath>;

/** The path of a controller at which a reply is given. */
export function pathOfReply(reply: ReplyPart): HardwarePath {
  return replyPaths[reply];
}

/** Asks for something and changes nothing. */
export type Query =
  | { readonly kind: "log" }
  | { readonly kind: "state" }
  | { readonly kind: "acceleration" }
  | {
      readonly kind: "history";
      /** The number of a unit, all units together, or the charge of each. */
      readonly of: number | "community" | "charges";
      readonly fromS: number;
      readonly toS: number;
      /** Null leaves the choice to the emulator. */
      readonly resolutionS: number | null;
    }
  | { readonly kind: "summary"; readonly fromDay: number; readonly toDay: number }
  | { readonly kind: "unit"; readonly unitNumber: number; readonly reply: ReplyPart }
  /** What the table of the Web API has at `path`; the parameters have been checked. */
  | {
      readonly kind: "told";
      readonly path: string;
      readonly parameters: unknown;
      readonly readsRecords: boolean;
      readonly readsUnits: boolean;
    }
  | ({ readonly kind: "rollout" } & RolloutRequest);

/** Derived readings set by hand: shown in the reply, recomputed from then on. Names are the wire's. */
export interface Echo {
  readonly emu?: Readonly<Record<string, number>>;
  readonly powermeter?: Readonly<Record<string, number>>;
}

/** Changes the community. All values have been checked. */
export type Command =
  | {
      readonly kind: "changeUnit";
      readonly unitNumber: number;
      readonly change: UnitChange;
      readonly echo: Echo;
      readonly reply: ReplyPart | "log";
    }
  /** Adds `count` units, one unless told. */
  | { readonly kind: "addUnit"; readonly count?: number }
  | { readonly kind: "removeUnit" }
  /** The answer shows all units; `asFile` offers it as the file in which the published emulator keeps them. */
  | { readonly kind: "save"; readonly asFile: boolean }
  | { readonly kind: "loadLast" }
  /** Leaves `units` of them, as many as the reset file has unless told; those beyond it are new. */
  | {
      readonly kind: "reset";
      readonly restartClock: boolean;
      readonly units?: number;
      readonly claiming?: Claiming;
    }
  /** 0 holds the clock. */
  | { readonly kind: "setAcceleration"; readonly accelerationFactor: number; readonly claiming?: Claiming }
  | { readonly kind: "holdTime"; readonly claiming?: Claiming }
  /** Lets it go on at the rate that it has kept. */
  | { readonly kind: "runTime"; readonly claiming?: Claiming }
  /** Holds the clock, and moves it on by whole seconds. */
  | { readonly kind: "stepTime"; readonly seconds: number; readonly claiming?: Claiming }
  /** The same to `time`, or to the first of what is awaited, at `latest` at the latest. */
  | {
      readonly kind: "untilTime";
      readonly time?: TargetMoment;
      readonly awaited?: Awaited;
      readonly latest?: TargetMoment;
      readonly claiming?: Claiming;
    }
  /** The same step by step, with actions; all of it is told. */
  | ({ readonly kind: "step"; readonly claiming?: Claiming } & StepRequest)
  /** Begins another run at a midnight of the data, to which all that is true now moves [ms, as in a calendar]. */
  | { readonly kind: "startRun"; readonly atMs: number; readonly claiming?: Claiming }
  /** Begins a chapter in which all homes are these. */
  /** Begins a chapter with data that are kept, or with those of the deployment. */
  | { readonly kind: "useData"; readonly id: string }
  | { readonly kind: "setHomes"; readonly homes: Homes }
  /** The same with one home, by its unit's ID or by its own, of which some fields are others. */
  | { readonly kind: "setHome"; readonly home: string; readonly fields: HomeChange }
  | SnapshotCommand
  /** A fault of one unit, or with null of all: from the present or `at` on, up to `untilS` or for `forS` [simulated s]. */
  | {
      readonly kind: "addFault";
      readonly fault: Pick<Fault, "kind" | "unitNumber" | "values">;
      readonly at?: TargetMoment;
      readonly untilS?: number;
      readonly forS?: number;
    }
  | { readonly kind: "endFault"; readonly id: number }
  | { readonly kind: "uploadSnapshot"; readonly name: string; readonly content: KeptSnapshot }
  /** All units have an event at this moment, as when a snapshot of it was restored. */
  | { readonly kind: "commitAll" };

/** A name of a snapshot, for whoever keeps, restores or deletes it, or begins another run with it. */
export interface SnapshotCommand {
  readonly kind: "keepSnapshot" | "deleteSnapshot" | "restoreSnapshot" | "beginSnapshot";
  readonly name: string;
  readonly claiming?: Claiming;
}

/** A simulated second, or what a calendar shows then, as if it were of UTC [ms since 1970]. */
export type TargetMoment = { readonly timeS: number } | { readonly calendarMs: number };

/** Whose a command is: for so many real seconds from then on the clock is theirs. */
export interface Claiming {
  readonly by: string;
  readonly seconds: number;
}

/** What the emulator of a community answers. */
export type EmulatorRequest = Query | Command;

/** Asks for what is known only where the emulator runs; changes nothing. */
export type Inspection =
  | { readonly kind: "messages"; readonly least: LogLevel; readonly sinceMs: number }
  | { readonly kind: "metrics" };

/** Changes what is kept aside, of which nothing is emulated yet. */
type Housekeeping = { readonly kind: "deleteData"; readonly id: string };

export type CommunityRequest = EmulatorRequest | Inspection | Housekeeping;

/** Where a command came from: its path with all parameters in the query, and who sent it. */
export interface CommandOrigin {
  readonly path: string;
  readonly source: string;
}

export const unknownOrigin: CommandOrigin = { path: "", source: "" };

const queryKinds: Readonly<Record<Query["kind"], true>> = {
  log: true,
  state: true,
  acceleration: true,
  history: true,
  summary: true,
  unit: true,
  told: true,
  rollout: true,
};

export function isInspection(request: CommunityRequest): request is Inspection {
  return request.kind === "messages" || request.kind === "metrics";
}

export function isHousekeeping(request: CommunityRequest): request is Housekeeping {
  return request.kind === "deleteData";
}

export function isQuery(request: CommunityRequest): request is Query {
  return Object.hasOwn(queryKinds, request.kind);
}

/** What is counted of a request. */
export function describeKind(request: CommunityRequest): string {
  return request.kind === "told" ? request.path : request.kind;
}

/** What concerns the clock and no unit. */
const ofClock: readonly CommunityRequest["kind"][] = [
  "acceleration",
  "setAcceleration",
  "holdTime",
  "runTime",
];

/** Whether it can be answered only once the units have come to the present. */
export function needsPresent(request: EmulatorRequest): boolean {
  if (request.kind === "told") return request.readsUnits;
  if (request.kind === "reset") return !request.restartClock;
  return !ofClock.includes(request.kind);
}

/** A request as the log tells of it: of steps and plans only how many. */
export function outlineRequest(request: CommunityRequest): object {
  if (request.kind === "step") return { kind: request.kind, steps: request.steps.length };
  if (request.kind === "rollout") return { kind: request.kind, plans: request.plans.length };
  if (request.kind === "setHomes") return { kind: request.kind, homes: request.homes.homes.length };
  if (request.kind === "uploadSnapshot") return { kind: request.kind, name: request.name };
  return request;
}

/** What is told of all units, which may be many, or of the past, or of what would come. */
export type LongQuery = Extract<
  Query,
  { kind: "log" | "state" | "history" | "summary" | "told" | "rollout" }
>;

/** Up to so many units all of them are written in a few milliseconds. */
const fewUnits = 100;

/** Whether the answer takes so long that others have their turn meanwhile. */
export function takesLong(request: EmulatorRequest, units: number): request is LongQuery {
  if (request.kind === "log" || request.kind === "state") return units > fewUnits;
  if (request.kind === "history") return typeof request.of !== "number";
  if (request.kind === "rollout") return true;
  if (request.kind === "told") return request.readsRecords || (request.readsUnits && units > fewUnits);
  return request.kind === "summary";
}

/** Whether the answer comes from what is recorded. */
export function readsRecords(query: Query): boolean {
  if (query.kind === "told") return query.readsRecords;
  return query.kind === "history" || query.kind === "summary";
}

/** Asks for what the table of the Web API has at `path`, of the present and without parameters. */
export function tellOf(path: string): Extract<Query, { kind: "told" }> {
  return { kind: "told", path, parameters: {}, readsRecords: false, readsUnits: false };
}
