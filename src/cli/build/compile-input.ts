import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  createManifest,
  earlierFolder,
  earlierInput,
  encodeInput,
  fileSizes,
  formatVersion,
  inputHashOf,
  type Manifest,
  manifestFile,
  parserVersion,
} from "../../input/series/compiled-input.ts";
import { InputFileError } from "../../input/series/input-file-error.ts";
import { createDarkness, type SolarUnit } from "../../input/series/input-series.ts";
import type { ReadFile } from "../../input/series/load-input.ts";
import { parseDemand } from "../../input/series/parse-demand.ts";
import { parseSolar } from "../../input/series/parse-solar.ts";
import { checkFileSize } from "../../input/series/read-rows.ts";

interface SourceOptions {
  /** What the solar file holds; W/m2 if not given. */
  readonly solarUnit?: SolarUnit;
  /** Names of the CSV files, where the folder holds several. */
  readonly solarFile?: string;
  readonly demandFile?: string;
  readonly pvFile?: string;
  /** Is told while files are compiled which share of them has been read, from 0 to 1. */
  onProgress?(share: number): void;
}

/** Compiled input that was replaced is kept beside the present, since a run may have begun with it; the last so many. */
const keptInputs = 4;

/**
 * Compiles the CSV files of a folder into `targetFolder`, all or nothing; does nothing if that was done
 * before and neither they nor this release have changed since. What was there before is kept under `earlier`.
 * @throws InputFileError
 */
export async function compileInput(
  sourceFolder: string,
  targetFolder: string,
  options: SourceOptions = {},
): Promise<{ manifest: Manifest; compiled: boolean }> {
  const pv = await findIfThere(sourceFolder, "pv_data.csv", options.pvFile);
  const findSun = pv === null ? findSource : findIfThere;
  const solar = await findSun(sourceFolder, "solar_data.csv", options.solarFile);
  const demand = await findSource(sourceFolder, "load_data.csv", options.demandFile);
  const paths = { solar, demand, pv };
  const sourceHash = await hashSources(paths);
  const { solarUnit = "W/m2" } = options;
  const before = await readCompiled(targetFolder);
  const isSame = before?.sourceHash === sourceHash && before.solarUnit === solarUnit;
  if (isSame && before.parserVersion === parserVersion) return { manifest: before, compiled: false };
  const { onProgress } = options;
  const { manifest, contents } = await compileFiles(paths, sourceHash, solarUnit, onProgress);
  await replaceFolder(targetFolder, contents, before);
  return { manifest, compiled: true };
}

/** Compiles CSV files in memory, for `loadInput` to read. @throws InputFileError */
export async function readInputFiles(
  solarPath: string,
  demandPath: string,
  solarUnit: SolarUnit = "W/m2",
  pvPath: string | null = null,
): Promise<ReadFile> {
  const paths = { solar: solarPath, demand: demandPath, pv: pvPath };
  const contents = new Map((await compileFiles(paths, await hashSources(paths), solarUnit)).contents);
  return async (name) => {
    const content = contents.get(name);
    if (content === undefined) throw new Error(`Compiled input has no file ${name}`);
    return content;
  };
}

/** Where the sources are. Without irradiance the homes have PV power of their own. */
interface SourcePaths {
  readonly solar: string | null;
  readonly demand: string;
  readonly pv: string | null;
}

async function compileFiles(
  paths: SourcePaths,
  hash: string,
  solarUnit: SolarUnit,
  onProgress: (share: number) => void = () => {},
) {
  // The solar file is a hundredth of the demand of as many homes.
  const solar =
    paths.solar === null ? null : await parseSolar(paths.solar, readSource(paths.solar), solarUnit);
  const demand = await parseDemand(
    paths.demand,
    watchBytes(readSource(paths.demand), paths.demand, onProgress),
  );
  const pv = paths.pv === null ? null : await parseDemand(paths.pv, readSource(paths.pv));
  const sun = solar ?? createDarkness(pv?.days ?? demand.days);
  const files = {
    solarFile: basename(paths.solar ?? paths.pv ?? "none"),
    demandFile: basename(paths.demand),
    ...(paths.pv !== null && { pvFile: basename(paths.pv) }),
  };
  const manifest = createManifest(sun, demand, { hash, solarUnit, ...files }, pv);
  return { manifest, contents: encodeInput(manifest, sun, demand, pv) };
}

/** The path of the one file of a folder whose name ends so, or of the file that is named. */
async function findSource(folder: string, ending: string, named?: string): Promise<string> {
  if (named !== undefined) return resolve(folder, named);
  const names = await readdir(folder).catch((error: Error) => {
    throw new InputFileError(folder, null, null, `the folder cannot be read: ${error.message}`);
  });
  const found = names.filter((name) => name.toLowerCase().endsWith(ending) && !name.startsWith("."));
  if (found.length === 1) return join(folder, found[0] as string);
  const list = (found.length > 1 ? found : names).join(", ") || "nothing";
  throw new InputFileError(folder, null, null, `one file *${ending} belongs here; found: ${list}`);
}

/** The same, or null where there is none. */
async function findIfThere(folder: string, ending: string, named?: string): Promise<string | null> {
  if (named !== undefined) return resolve(folder, named);
  const names = await readdir(folder).catch(() => [] as string[]);
  const isThere = names.some((name) => name.toLowerCase().endsWith(ending) && !name.startsWith("."));
  return isThere ? findSource(folder, ending) : null;
}

/** Size and SHA-256 of each source. */
async function hashSources({ solar, demand, pv }: SourcePaths): Promise<string> {
  const paths = [solar, demand, pv].filter((path) => path !== null);
  const hashes = paths.map(async (path) => {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of readSource(path)) {
      hash.update(chunk);
      bytes += chunk.byteLength;
    }
    return `${bytes}-${hash.digest("hex")}`;
  });
  return (await Promise.all(hashes)).join(" ");
}

async function* watchBytes(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  onProgress: (share: number) => void,
): AsyncGenerator<Uint8Array> {
  const { size } = await stat(path);
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.byteLength;
    onProgress(bytes / size);
  }
}

async function* readSource(path: string): AsyncGenerator<Uint8Array> {
  try {
    checkFileSize(path, (await stat(path)).size);
    yield* createReadStream(path, { highWaterMark: 1 << 20 });
  } catch (error) {
    if (error instanceof InputFileError) throw error;
    throw new InputFileError(path, null, null, `the file cannot be read: ${(error as Error).message}`);
  }
}

/** The manifest of a folder that holds all its files in the present format, by whatever release, else null. */
async function readCompiled(folder: string): Promise<Manifest | null> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, manifestFile), "utf8")) as Manifest;
    if (manifest.formatVersion !== formatVersion) return null;
    for (const [name, bytes] of fileSizes(manifest))
      if ((await stat(join(folder, name))).size !== bytes) return null;
    return manifest;
  } catch {
    return null;
  }
}

async function replaceFolder(
  folder: string,
  contents: Iterable<[string, ArrayBuffer]>,
  before: Manifest | null,
): Promise<void> {
  const fresh = `${resolve(folder)}.${process.pid}.new`;
  await mkdir(fresh, { recursive: true });
  try {
    for (const [name, content] of contents) await writeFile(join(fresh, name), new Uint8Array(content));
    await keepEarlier(folder, fresh, before);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Copies what `folder` has kept into `fresh`, and what it held itself, and drops the oldest. */
async function keepEarlier(folder: string, fresh: string, before: Manifest | null): Promise<void> {
  const kept = join(fresh, earlierInput);
  await mkdir(kept, { recursive: true });
  await cp(join(folder, earlierInput), kept, { recursive: true, preserveTimestamps: true }).catch(() => {});
  if (before !== null) {
    const own = join(fresh, earlierFolder(inputHashOf(before)));
    await mkdir(own, { recursive: true });
    for (const name of [...fileSizes(before).keys(), manifestFile])
      await cp(join(folder, name), join(own, name));
  }
  const ages = (await readdir(kept)).map(async (name) => {
    const manifest = await stat(join(kept, name, manifestFile)).catch(() => null);
    return { name, ms: manifest?.mtimeMs ?? 0 };
  });
  const oldest = (await Promise.all(ages)).sort((a, b) => b.ms - a.ms).slice(keptInputs);
  for (const { name } of oldest) await rm(join(kept, name), { recursive: true });
}
