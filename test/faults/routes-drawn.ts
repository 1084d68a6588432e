import { routes } from "../../src/api/http/routes.ts";
import { writeOpenApi } from "../../src/api/openapi/document.ts";
import { occurrenceKinds } from "../../src/simulation/occurrences.ts";
import type { World } from "./world.ts";

/** Requests drawn from the table of routes, so that a new route is tried without a word here. */

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: {
    readonly type?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly enum?: readonly string[];
  };
}

const document = JSON.parse(JSON.stringify(writeOpenApi("1.0.0", () => ({}) as never))) as {
  paths: Record<string, { get?: { parameters?: Parameter[] } }>;
};
const templates = routes
  .filter(({ kind }) => kind === "answer")
  .map(({ path, changes }) => {
    const template = path.replace(":id", "{id}");
    return { template, changes, parameters: document.paths[template]?.get?.parameters ?? [] };
  });
const commands = templates.filter(({ changes }) => changes);
const reads = templates.filter(({ changes }) => !changes);

/** Values that lead somewhere: others are refused mostly, or take time to no end. */
const likely: Readonly<Record<string, readonly (string | number)[]>> = {
  acceleration: [0, 1, 60, 1000, 5000, 20_000],
  id: ["E001", "E002", "E003", "E004"],
  unit: ["E001", "E002"],
  rsoc: [0, 20, 24.9, 30, 35, 50, 80, 100],
  dvg: [0, 300, 350, 380],
  dig: [0, 1, 2.3],
  drg: [0, 0.039],
  kind: ["trip", "busCollapse", "ignoreCommands", "meterStuck", "meterOffset", "meterNoisy", "batteryStatus"],
  meter: ["rsoc", "vg"],
  count: [1, 2],
  units: [1, 2, 4],
  at: ["2020-01-02", "2020-01-03"],
  seconds: [60, 3600, 90_000],
  time: [40_000, 100_000, 400_000],
  latest: [40_000, 100_000, 400_000],
  event: [...occurrenceKinds, "full,empty"],
  claim: ["ann", "bob"],
  name: ["a", "b"],
  claimSeconds: [0, 1, 5],
};

/** Whether it begins the clock anew, so that the past is forgotten. */
export const forgets = (path: string) => /clock=start|^\/(time\/start|snapshots\/begin)\?/.test(path);

/** Whether it goes back to an earlier moment, and forgets what came after. */
export const goesBack = (path: string) => path.startsWith("/snapshots/restore");

/** A command as a client may send it, now and then a wrong one. */
export function drawCommand(world: World): string {
  for (;;) {
    const path = draw(world, commands);
    // A past that is always forgotten tells nothing.
    if (!forgets(path) || world.chance(15)) return path;
  }
}

export function drawRead(world: World): string {
  return draw(world, reads);
}

function draw(world: World, from: typeof templates): string {
  const { template, parameters } = world.pick(from);
  const text = (parameter: Parameter) => encodeURIComponent(drawValue(world, parameter));
  const path = parameters
    .filter(({ in: place }) => place === "path")
    .reduce((so, parameter) => so.replace(`{${parameter.name}}`, text(parameter)), template);
  const pairs = parameters
    .filter(
      ({ in: place, required }) => place === "query" && (required ? world.chance(97) : world.chance(30)),
    )
    .map((parameter) => `${parameter.name}=${text(parameter)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function drawValue(world: World, { name, in: place, schema }: Parameter): string {
  if (world.chance(2)) return world.pick(["", "abc", "-1", "1e999", "E099"]);
  const isAcceleration = place === "path" && schema.maximum !== undefined;
  const known = likely[isAcceleration ? "acceleration" : name];
  if (known !== undefined) return String(world.pick(known));
  if (schema.enum !== undefined) return world.pick(schema.enum);
  if (schema.maximum === undefined) return world.pick(["E001", "E002", "2026-01-01T00:00:00Z"]);
  const { minimum = 0, maximum } = schema;
  const most = Math.min(maximum, 10_000);
  const value = Math.max(minimum, world.pick([minimum, most * (world.choose(1001) / 1000), most]));
  return String(schema.type === "integer" ? Math.round(value) : value);
}
