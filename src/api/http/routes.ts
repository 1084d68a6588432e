import type * as v from "valibot";
import type { ExportRequest } from "../../community/records/export.ts";
import type { CommunityRequest } from "../../community/state/request.ts";
import { defaultOf } from "../../input/config/entries.ts";
import { converterSchema, emuSchema } from "../../input/units/set-parameters.ts";
import { type Checked, checkParameters, definedOf, type GivenParameters } from "../../notation/parameters.ts";
import { dataSchema, uploadedSchema } from "../wire/data-json.ts";
import { faultChangedSchema } from "../wire/faults-json.ts";
import { toldHomesSchema } from "../wire/homes-json.ts";
import { snapshotsSchema } from "../wire/snapshots-json.ts";
import {
  addSchema,
  currentSchema,
  historySchema,
  messagesSchema,
  parseAdd,
  parseConverter,
  parseCurrent,
  parseEmu,
  parseHistory,
  parseMessages,
  parsePlain,
  parseReset,
  parseSave,
  parseUnitQuery,
  parseVoltage,
  resetSchema,
  saveSchema,
  voltageSchema,
} from "./commands.ts";
import { idSchema, parseDeleteData, parseUseData, useSchema } from "./data-commands.ts";
import { daysSchema, exportSchemaOf, parseSummary } from "./exports.ts";
import { faultIdSchema, faultSchema, parseAddFault, parseEndFault } from "./fault-commands.ts";
import { homeNameSchema, homeParameters, homesBodySchema, parseHome } from "./home-commands.ts";
import {
  nameSchema,
  parseRestore,
  parseSnapshot,
  restoreSchema,
  uploadBodySchema,
} from "./snapshot-commands.ts";
import { rolloutAnswerSchema, rolloutBodySchema, stepAnswerSchema, stepBodySchema } from "./step-bodies.ts";
import type { Tag } from "./tags.ts";
import {
  accelerationSchema,
  parseAcceleration,
  parsePlainTime,
  parseStart,
  parseStep,
  parseUntil,
  plainTimeSchema,
  startSchema,
  stepSchema,
  untilSchema,
} from "./time-commands.ts";
import { type ParameterSchemas, type ToldRoute, toldRoutes } from "./told-routes.ts";
import { uploadSchema } from "./uploads.ts";

/** What an answer holds; `src/api/openapi/answer-schemas.ts` says it in full. */
export type AnswerName =
  | "unit"
  | "emu"
  | "converter"
  | "status"
  | "set"
  | "voltage"
  | "current"
  | "log"
  | "acceleration"
  | "time"
  | "step"
  | "snapshots"
  | "history"
  | "summary"
  | "messages"
  | "metrics";

/** What everybody asks of a path: the router, access, the bridge, the reference. */
interface PathFacts {
  readonly path: string;
  /** Whether it changes the community: then POST is accepted too, and whoever may only look is refused. */
  readonly changes: boolean;
  /** A line for the reference. */
  readonly about: string;
  /** The parameters of its query. Reads ignore those that they do not know. */
  readonly parameters?: ParameterSchemas;
}

/** A path that the community answers at once (specification, section 5). */
export interface AnswerRoute extends PathFacts {
  readonly kind: "answer";
  readonly tag: Tag;
  /** By its name, or in full. */
  readonly answers: AnswerName | v.GenericSchema;
  /** Where PUT takes files, with these parameters. */
  readonly upload?: {
    readonly about: string;
    readonly parameters: ParameterSchemas;
    readonly answers: v.GenericSchema;
  };
  /** Whether the answer is a page for whoever accepts HTML. */
  readonly isPage?: boolean;
  /** What the last part of the path is, where it has one and it is not a unit's ID. */
  readonly lastPart?: ParameterSchemas;
  /** What PUT takes, in the place of what is told. */
  readonly put?: PutFacts;
  /** `id` is the last part of the path where it has one. */
  parse(id: string, given: GivenParameters): Checked<CommunityRequest>;
}

/** What PUT does at a path that tells something: its body takes the place of that. Whoever may only look is refused. */
export interface PutFacts {
  readonly about: string;
  readonly body: v.GenericSchema;
  /** The types of what may be sent; all of them are told by their content. */
  readonly mediaTypes: readonly string[];
}

/** A path that takes a JSON body and nothing else. Whoever may only look is refused. */
export interface BodyRoute extends PathFacts {
  readonly kind: "body";
  readonly tag: Tag;
  readonly changes: true;
  readonly body: v.GenericSchema;
  readonly answers: v.GenericSchema;
}

/** A path at which records are streamed. The configuration may name another, or none. */
export interface ExportRoute extends PathFacts {
  readonly kind: "export";
  readonly of: ExportRequest["of"];
}

/** The path at which a WebSocket tells of every change. */
interface LiveRoute extends PathFacts {
  readonly kind: "live";
}

/** The path at which a WebSocket steps the community. */
interface SessionRoute extends PathFacts {
  readonly kind: "session";
}

export type Route = AnswerRoute | BodyRoute | ExportRoute | LiveRoute | SessionRoute;

type Rest = Omit<AnswerRoute, "kind" | "path" | "changes">;
const reads = (path: string, rest: Rest): Route => ({ kind: "answer", path, changes: false, ...rest });
const changes = (path: string, rest: Rest): Route => ({ kind: "answer", path, changes: true, ...rest });
const streams = (path: string, of: ExportRequest["of"], about: string): Route => ({
  kind: "export",
  path,
  of,
  changes: false,
  about,
  parameters: exportSchemaOf(of),
});
const puts: Readonly<Record<string, PutFacts>> = {
  "/homes": {
    about: "Gives all homes other hardware from the present moment on: a file of homes, JSON or CSV",
    body: homesBodySchema,
    mediaTypes: ["application/json", "text/csv"],
  },
};
/** `/data` takes what it tells of. */
const upload: NonNullable<AnswerRoute["upload"]> = {
  about:
    "Imports files and keeps the data aside: the body is a file, or a form (multipart/form-data) with some. The answer is the report, as a page for whoever accepts HTML",
  parameters: uploadSchema,
  answers: uploadedSchema,
};
const tells = (route: ToldRoute): Route => {
  const { path, plain, tag, about, parameters, answer, readsRecords, readsUnits } = route;
  return reads(path, {
    tag,
    about,
    parameters,
    answers: answer,
    ...(puts[path] && { put: puts[path] }),
    ...(path === "/data" && { upload }),
    ...(path === "/data/report" && { isPage: true }),
    parse: (_, given) => {
      const checked = checkParameters(parameters, given);
      if (!checked.ok) return checked;
      const { value } = checked;
      if (plain !== undefined && Object.keys(definedOf(value as object)).length === 0)
        return { ok: true, value: plain };
      const asked = {
        kind: "told",
        path,
        parameters: value,
        readsRecords: readsRecords(value),
        readsUnits,
      } as const;
      return { ok: true, value: asked };
    },
  });
};
const plainly = (value: CommunityRequest) => (): Checked<CommunityRequest> => ({ ok: true, value });

export const routes: readonly Route[] = [
  reads("/get/unit/:id", {
    about: "One unit, as apis-main reads it",
    tag: "apis-main",
    answers: "unit",
    parse: (id) => parseUnitQuery(id, "unit"),
  }),
  reads("/get/dcdc/status/:id", {
    about: "Status and meters of a unit's DC/DC converter",
    tag: "apis-main",
    answers: "status",
    parse: (id) => parseUnitQuery(id, "status"),
  }),
  changes("/set/dcdc/voltage/:id", {
    about: "Sets the target voltage of a DC/DC converter",
    tag: "apis-main",
    answers: "voltage",
    parameters: voltageSchema,
    parse: parseVoltage,
  }),
  changes("/set/dcdc/current/:id", {
    about: "Sets the current limit of a DC/DC converter",
    tag: "apis-main",
    answers: "current",
    parameters: currentSchema,
    parse: parseCurrent,
  }),
  changes("/set/dcdc/:id", {
    about: "Commands a DC/DC converter; a droop that is blank or left out stays as it is",
    tag: "apis-main",
    answers: "set",
    parameters: converterSchema,
    parse: parseConverter,
  }),
  reads("/get/dcdc/:id", {
    about: "A unit's DC/DC converter, whole",
    tag: "apis-main",
    answers: "converter",
    parse: (id) => parseUnitQuery(id, "converter"),
  }),
  reads("/get/log", {
    about: "All units with all parameters",
    tag: "homes",
    answers: "log",
    parse: plainly({ kind: "log" }),
  }),
  reads("/history", {
    about:
      "Bins of simulated time with the least, mean and greatest charge and mean powers: of a unit, of the community, or with map=rsoc the charge of each unit; up to 2,000 bins",
    tag: "records",
    answers: "history",
    parameters: historySchema,
    parse: (_, given) => parseHistory(given),
  }),
  reads("/summary", {
    about: "Finished simulated days, and their totals",
    tag: "records",
    answers: "summary",
    parameters: daysSchema,
    parse: (_, given) => parseSummary(given),
  }),
  reads("/log", {
    about: "The log of the emulator, the newest line last",
    tag: "watching",
    answers: "messages",
    parameters: messagesSchema,
    parse: (_, given) => parseMessages(given),
  }),
  reads("/metrics", {
    about: "Numbers for Prometheus",
    tag: "watching",
    answers: "metrics",
    parse: plainly({ kind: "metrics" }),
  }),
  reads("/get/emu/:id", {
    about: "A unit's battery, PV and UPS",
    tag: "homes",
    answers: "emu",
    parse: (id) => parseUnitQuery(id, "emu"),
  }),
  changes("/set/emu/:id", {
    about: "Sets parameters of a unit by hand, one or more; other readings are echoed and computed anew",
    tag: "homes",
    answers: "log",
    parameters: emuSchema,
    parse: parseEmu,
  }),
  changes("/set/home/:id", {
    about:
      "Gives one home other hardware from the present moment on: fields of /homes by their paths, blank to leave one out again",
    tag: "homes",
    answers: toldHomesSchema,
    lastPart: homeNameSchema,
    parameters: homeParameters,
    parse: parseHome,
  }),
  reads("/get/acc", {
    about: "The acceleration of simulated time",
    tag: "time",
    answers: "acceleration",
    parse: plainly({ kind: "acceleration" }),
  }),
  changes("/set/acc/:id", {
    about: "Sets the acceleration; 0 holds simulated time",
    tag: "time",
    answers: "acceleration",
    lastPart: accelerationSchema,
    parameters: plainTimeSchema,
    parse: parseAcceleration,
  }),
  changes("/time/hold", {
    about: "Holds simulated time where it is; its acceleration is kept",
    tag: "time",
    answers: "time",
    parameters: plainTimeSchema,
    parse: (_, given) => parsePlainTime(given, "holdTime"),
  }),
  changes("/time/run", {
    about: "Lets simulated time go on at the acceleration that it has kept",
    tag: "time",
    answers: "time",
    parameters: plainTimeSchema,
    parse: (_, given) => parsePlainTime(given, "runTime"),
  }),
  changes("/time/step", {
    about: "Holds simulated time and moves it on by whole seconds",
    tag: "time",
    answers: "step",
    parameters: stepSchema,
    parse: (_, given) => parseStep(given),
  }),
  changes("/time/until", {
    about:
      "Holds simulated time and moves it to a moment, or to the first of some events, at `latest` if none comes before",
    tag: "time",
    answers: "step",
    parameters: untilSchema,
    parse: (_, given) => parseUntil(given),
  }),
  {
    kind: "body",
    path: "/step",
    changes: true,
    about: "Acts, moves simulated time on and observes: one step, or many; time is held from then on",
    tag: "time",
    body: stepBodySchema,
    answers: stepAnswerSchema,
  },
  {
    kind: "body",
    path: "/rollout",
    changes: true,
    about: "What would happen under each of several plans from the present moment on; nothing changes",
    tag: "time",
    body: rolloutBodySchema,
    answers: rolloutAnswerSchema,
  },
  changes("/time/start", {
    about: "Begins another run at a date of the data, to which all that is true now moves",
    tag: "time",
    answers: "time",
    parameters: startSchema,
    parse: (_, given) => parseStart(given),
  }),
  changes("/snapshots/keep", {
    about: "Keeps the present moment under a name",
    tag: "snapshots",
    answers: "snapshots",
    parameters: nameSchema,
    parse: (_, given) => parseSnapshot(given, "keepSnapshot"),
  }),
  changes("/snapshots/restore", {
    about:
      "Goes back to a snapshot, holds time there and forgets what came after; a snapshot of the present is taken before",
    tag: "snapshots",
    answers: "time",
    parameters: restoreSchema,
    parse: (_, given) => parseRestore(given, "restoreSnapshot"),
  }),
  changes("/snapshots/begin", {
    about:
      "Begins another run with a snapshot, of whatever run: all that was true at its moment, with time held, and nothing of what led to it; a snapshot of the present is taken before",
    tag: "snapshots",
    answers: "time",
    parameters: restoreSchema,
    parse: (_, given) => parseRestore(given, "beginSnapshot"),
  }),
  {
    kind: "body",
    path: "/snapshots/upload",
    changes: true,
    about:
      "Keeps a snapshot from a file that /snapshots/file gave, under the name in it; it can begin a branch",
    tag: "snapshots",
    body: uploadBodySchema,
    answers: snapshotsSchema,
  },
  changes("/snapshots/delete", {
    about: "Deletes a snapshot",
    tag: "snapshots",
    answers: "snapshots",
    parameters: nameSchema,
    parse: (_, given) => parseSnapshot(given, "deleteSnapshot"),
  }),
  changes("/faults/add", {
    about:
      "Adds a fault of the hardware, at once or at a simulated time; what each kind takes, /schema/faults.json says",
    tag: "faults",
    answers: faultChangedSchema,
    parameters: faultSchema,
    parse: (_, given) => parseAddFault(given),
  }),
  changes("/faults/end", {
    about: "Ends a fault of the hardware, or takes one back that was to begin",
    tag: "faults",
    answers: faultChangedSchema,
    parameters: faultIdSchema,
    parse: (_, given) => parseEndFault(given),
  }),
  changes("/data/use", {
    about:
      "Begins a chapter at the present moment with data that are kept, or with `deployment` those of the deployment again",
    tag: "data",
    answers: dataSchema,
    parameters: useSchema,
    parse: (_, given) => parseUseData(given),
  }),
  changes("/data/delete", {
    about: "Deletes data that are kept and that no chapter was made with",
    tag: "data",
    answers: dataSchema,
    parameters: idSchema,
    parse: (_, given) => parseDeleteData(given),
  }),
  changes("/add/unit", {
    about: "Adds the next unit, or the next `count`",
    tag: "homes",
    answers: "log",
    parameters: addSchema,
    parse: (_, given) => parseAdd(given),
  }),
  changes("/remove/unit", {
    about: "Removes the last unit",
    tag: "homes",
    answers: "log",
    parse: (_, given) => parsePlain(given, { kind: "removeUnit" }),
  }),
  changes("/save", {
    about:
      "Save All: keeps all units for Load Last; with format=file the answer is a file of the published form",
    tag: "homes",
    answers: "log",
    parameters: saveSchema,
    parse: (_, given) => parseSave(given),
  }),
  changes("/get/last", {
    about: "Load Last: takes up the units that Save All kept",
    tag: "homes",
    answers: "log",
    parse: (_, given) => parsePlain(given, { kind: "loadLast" }),
  }),
  changes("/restart", {
    about:
      "Reset: takes up the units of the reset file, or with `units` as many, new ones beyond the file's; with clock=start simulated time begins anew too",
    tag: "homes",
    answers: "log",
    parameters: resetSchema,
    parse: (_, given) => parseReset(given),
  }),
  ...toldRoutes.map(tells),
  streams(
    `/${defaultOf("summaryPath")}`,
    "summary",
    "A row for each finished simulated day, then sum and average",
  ),
  streams(
    `/${defaultOf("indivLogPath")}`,
    "individual",
    "Readings of each unit at every interval and after each command",
  ),
  streams(
    "/data/output/deals.csv",
    "deals",
    "Who gave to whom, from when to when and how much, as /deals tells",
  ),
  streams("/commands", "commands", "The log of commands; as JSON it can be performed again"),
  {
    kind: "live",
    path: "/live",
    changes: false,
    about:
      "A WebSocket that sends the state after every change, at most twice a second, and when any message but `received` comes; with the subprotocol `received` each state is acknowledged by that message before the next one is sent",
  },
  {
    kind: "session",
    path: "/session",
    changes: true,
    about:
      "A WebSocket whose messages are bodies of /step, with an id; answers say up to which step all is kept",
  },
];
