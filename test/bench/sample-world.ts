import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answerWriter } from "../../src/api/wire/answers.ts";
import type { Surroundings } from "../../src/community/state/surroundings.ts";
import type { CommunityStorage } from "../../src/community/storage/storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import {
  demandFileOf,
  type Manifest,
  manifestFile,
  solarFile,
} from "../../src/input/series/compiled-input.ts";
import { loadInput } from "../../src/input/series/load-input.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";

/** The surroundings of an emulator with `units` units of compiled input; its storage keeps nothing. */
export async function createSurroundings(inputFolder: string, units: number): Promise<Surroundings> {
  const input = await loadInput((name) => readBytes(join(inputFolder, name)), [], 30);
  await input.loadHomes(Array.from({ length: Math.min(units, input.homes) }, (_, home) => home));
  const config = readConfig({ units, acceleration: 10 });
  return {
    config,
    worldOf: (of) => createWorld(of, input),
    files: readUnitFiles(),
    writer: answerWriter,
    storage: noStorage,
    log: () => {},
    inputHash: "",
    inputName: "",
  };
}

const noStorage: CommunityStorage = {
  load: () => null,
  save: () => {},
  atOnce: (act) => act(),
  keepUnits: () => {},
  appendDay: () => {},
  findDay: () => null,
  readDays: () => [],
  readDeparted: () => [],
  readEvents: () => [],
  listWholeEvents: () => [],
  replaceEvents: () => true,
  readRun: () => null,
  listSnapshots: () => [],
  readSnapshot: () => null,
  listData: () => [],
  openData: () => null,
  readDataReport: () => null,
  goBack: () => {},
  readChapters: () => [],
  runFromS: () => 0,
  lastCommandId: () => 0,
  readFaultCommands: () => [],
  lastCommandBefore: () => null,
  lastEventS: () => 0,
  readBusEvents: () => [],
  readProgress: () => null,
  keepProgress: () => {},
  readCommands: () => [],
  firstDay: () => 0,
  forgetBefore: () => {},
  highestUnitNumber: () => 0,
};

/** Writes compiled input of `homes` homes that repeats those of another. */
export async function repeatHomes(sourceFolder: string, targetFolder: string, homes: number): Promise<void> {
  await mkdir(targetFolder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(sourceFolder, manifestFile), "utf8")) as Manifest;
  const larger = { ...manifest, homes };
  for (let home = 0; home < homes; home += manifest.homesPerFile) {
    const source = demandFileOf(home % manifest.homes, manifest);
    await copyFile(join(sourceFolder, source), join(targetFolder, demandFileOf(home, larger)));
  }
  await copyFile(join(sourceFolder, solarFile), join(targetFolder, solarFile));
  await writeFile(join(targetFolder, manifestFile), JSON.stringify(larger));
}

async function readBytes(path: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(path)).buffer;
}
