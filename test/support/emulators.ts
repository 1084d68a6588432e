import { DatabaseSync } from "node:sqlite";
import { findRoute } from "../../src/api/http/find-route.ts";
import { respond } from "../../src/api/http/router.ts";
import { parseBody } from "../../src/api/http/step-bodies.ts";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import {
  type CommandOrigin,
  type EmulatorRequest,
  isHousekeeping,
  isInspection,
  tellOf,
} from "../../src/community/state/request.ts";
import type { Surroundings } from "../../src/community/state/surroundings.ts";
import { dropData, keepData } from "../../src/community/storage/keep-data.ts";
import { readFrames } from "../../src/community/storage/row-frames.ts";
import type { SqliteDatabase } from "../../src/community/storage/sqlite-database.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { CommunityStorage } from "../../src/community/storage/storage.ts";
import type { LogLevel } from "../../src/community/watching/log.ts";
import { createWorld, type WorldInput } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { communityLimits, deploymentLimits } from "../../src/input/config/limits.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { openOwnData } from "../../src/input/series/own-data.ts";
import { readUnitFiles, type UnitFiles } from "../../src/input/units/unit-files.ts";
import { refuse } from "../../src/notation/refusal.ts";
import type { UnitReading } from "../../src/simulation/reading.ts";
import type { Series } from "../../src/simulation/series.ts";
import type { World } from "../../src/simulation/world.ts";

/** Three days of an even sun (300 W from 6 to 18 h) and an even demand (400 W) for two homes. */
export const evenInput: WorldInput = {
  homes: 2,
  days: 3,
  solar: {
    stepS: 3600,
    values: Float64Array.from({ length: 72 }, (_, i) => (i % 24 >= 6 && i % 24 < 18 ? 300 : 0)),
  },
  demandOf: () => ({ stepS: 1800, values: new Uint16Array(144).fill(400) }),
};

/** Input of half-hourly demand at the interval that `config` asks for, as compiled input is loaded. */
export function atInterval(input: WorldInput, { demandIntervalMinutes }: Config): WorldInput {
  if (demandIntervalMinutes === "30") return input;
  const thin = ({ values }: Series) => ({ stepS: 3600, values: values.filter((_, i) => i % 2 === 0) });
  return { ...input, demandOf: (home) => thin(input.demandOf(home)) };
}

export interface TestEmulator {
  emulator: Emulator;
  storage: CommunityStorage;
  readonly database: SqliteDatabase;
  log: { level: LogLevel; message: string }[];
  /** Answers a path as the Web API does, at the wall time in `wallMs`. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Forgets all memory, as an evicted object does, and wakes with other parameters or data if they are given. */
  evict(parameters?: Record<string, unknown>, data?: string): void;
  /** All data that are kept, by their hash. */
  readonly data: Map<string, WorldInput>;
  /** What it finds in `jsontmp` when it wakes. */
  files: UnitFiles;
  wallMs: number;
}

/** An emulator in memory with a wall clock in the test's hand; simulated time follows `clockMsAt`. */
export function createTestEmulator(
  parameters: Record<string, unknown> = {},
  input: WorldInput = evenInput,
  clockMsAt: (wallMs: number) => number = (wallMs) => wallMs,
): TestEmulator {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const storage = createSqliteStorage(database);
  const data = new Map([["even", input]]);
  /** The same each time, as long as the data are. */
  const worlds = new WeakMap<Config, { readonly input: WorldInput; readonly world: World }>();
  const surround = (changed: Record<string, unknown> = {}, inputHash = "even"): Surroundings => {
    return {
      config: readConfig({ units: 4, solarUnit: "W", ...parameters, ...changed }),
      homesOfData: input.homes,
      worldOf(config, hash) {
        const own = storage.openData(hash ?? "");
        const interval = Number(config.demandIntervalMinutes) as 30 | 60;
        if (own !== null) return createWorld(config, openOwnData(own.own, own.readWeek, interval));
        const found = data.get(hash ?? "");
        if (found === undefined) return null;
        const known = worlds.get(config);
        if (known?.input === found) return known.world;
        const world = createWorld(config, atInterval(found, config));
        worlds.set(config, { input: found, world });
        return world;
      },
      files: tested.files,
      writer: answerWriter,
      storage,
      inputHash,
      inputName: inputHash,
      clockMsAt,
      log: (level, message) => tested.log.push({ level, message }),
    };
  };
  let woken: Parameters<TestEmulator["evict"]> = [];
  const answer = (request: EmulatorRequest, origin: CommandOrigin) => {
    const answered = tested.emulator.answer(request, tested.wallMs, origin);
    if (!tested.emulator.isStale) return answered;
    tested.evict(...woken);
    return tested.emulator.answer(tellOf("/time"), tested.wallMs);
  };
  const tested: TestEmulator = {
    emulator: undefined as unknown as Emulator,
    files: readUnitFiles(),
    storage,
    database,
    log: [],
    wallMs: 0,
    get: async (path, init) => {
      const request = new Request(`http://localhost${path}`, init);
      return respond(request, findRoute(new URL(request.url).pathname), {
        requestBytes: communityLimits.requestBytes.default,
        compresses: false,
        sourceOf: ({ headers }) => headers.get("user-agent") ?? "",
        answer: (request, origin) =>
          isInspection(request)
            ? refuse("not_found", "Not in memory")
            : isHousekeeping(request)
              ? dropData(database, request.id, storage)
              : answer(request, origin),
        uploadBytes: deploymentLimits.uploadBytes.platform,
        rest: async () => {},
        keepData: async (offer, rows) => {
          const limits = { dataBytes: communityLimits.dataBytes.default };
          return keepData(database, offer, readFrames(rows), limits, tested.wallMs);
        },
        answerBody: async (path, body, origin) => {
          const read = await parseBody(path, body);
          return read.ok ? tested.emulator.answer(read.value, tested.wallMs, origin) : read;
        },
        export: async (request) => streamText(tested.emulator.writeExport(request, tested.wallMs)),
        connect: async () => new Response(null, { status: 404 }),
        openSession: async () => new Response(null, { status: 404 }),
        endConnection: () =>
          new Response(new ReadableStream({ start: (controller) => controller.error(new Error("ended")) })),
        serveFile: async () => new Response(null, { status: 404 }),
        onRefusal: () => {},
        onFailure: (_, error) => {
          throw error;
        },
      });
    },
    data,
    evict: (changed, inputHash) => {
      woken = [changed, inputHash];
      tested.emulator = new Emulator(surround(changed, inputHash), tested.wallMs);
    },
  };
  tested.evict();
  return tested;
}

/** Reads every unit as of `wallMs`. */
export function readUnits({ emulator }: TestEmulator, wallMs: number): UnitReading[] {
  return emulator.readUnitsAt(emulator.paceAt(wallMs).nowS);
}

function streamText(pieces: Iterable<string>): ReadableStream {
  return new Response([...pieces].join("")).body as ReadableStream;
}
