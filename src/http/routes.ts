import type { CommunityRequest } from "../community/request.ts";
import {
  parseAcceleration,
  parseConverter,
  parseCurrent,
  parseEmu,
  parseHistory,
  parseMessages,
  parseReset,
  parseUnitQuery,
  parseVoltage,
} from "./commands.ts";
import { parseSummary } from "./exports.ts";
import type { Checked, GivenParameters } from "./parameters.ts";

/** What one path of the Web API means (specification, section 5). */
export interface Route {
  readonly path: string;
  /** Whether it changes the community: then POST is accepted too. */
  readonly changes: boolean;
  /** `id` is the last part of the path where it has one. Reads ignore parameters that they do not know. */
  parse(id: string, given: GivenParameters): Checked<CommunityRequest>;
}

const reads = (path: string, parse: Route["parse"]): Route => ({ path, changes: false, parse });
const changes = (path: string, parse: Route["parse"]): Route => ({ path, changes: true, parse });
const plainly = (value: CommunityRequest) => (): Checked<CommunityRequest> => ({ ok: true, value });

export const routes: readonly Route[] = [
  reads("/get/unit/:id", (id) => parseUnitQuery(id, "unit")),
  reads("/get/dcdc/status/:id", (id) => parseUnitQuery(id, "status")),
  changes("/set/dcdc/voltage/:id", parseVoltage),
  changes("/set/dcdc/current/:id", parseCurrent),
  changes("/set/dcdc/:id", parseConverter),
  reads("/get/dcdc/:id", (id) => parseUnitQuery(id, "converter")),
  reads("/get/log", plainly({ kind: "log" })),
  reads("/state", plainly({ kind: "state" })),
  reads("/history", (_, given) => parseHistory(given)),
  reads("/log", (_, given) => parseMessages(given)),
  reads("/metrics", plainly({ kind: "metrics" })),
  reads("/summary", (_, given) => parseSummary(given)),
  reads("/get/emu/:id", (id) => parseUnitQuery(id, "emu")),
  changes("/set/emu/:id", parseEmu),
  reads("/get/acc", plainly({ kind: "acceleration" })),
  changes("/set/acc/:id", parseAcceleration),
  changes("/add/unit", plainly({ kind: "addUnit" })),
  changes("/remove/unit", plainly({ kind: "removeUnit" })),
  changes("/save", plainly({ kind: "save" })),
  changes("/get/last", plainly({ kind: "loadLast" })),
  changes("/restart", (_, given) => parseReset(given)),
];
