import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compileInput } from "../../src/cli/build/compile-input.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { serveWorkers } from "../bench/workerd.ts";
import { compatibilityDate } from "../support/compatibility-date.ts";

export type Build = "old" | "new";

/** A deployment in which the Worker runs one build and the objects another. */
export interface Deployment {
  get(path: string): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

const sources: Record<Build, string> = { old: "test/rolling/release-0.1.0.js", new: "src/worker.ts" };

/** Starts a deployment that keeps what it stores in `folder`. */
export async function deploy(worker: Build, objects: Build, folder: string): Promise<Deployment> {
  const [inputFolder, stateFolder] = [join(folder, "input"), join(folder, "state")];
  await mkdir(stateFolder, { recursive: true });
  await compileInput(await writeData(folder), inputFolder);
  const workers = {
    worker: sources[worker],
    objects: sources[objects],
    directory: sources.new,
    "input-files": "test/rolling/input-files.ts",
  };
  const config = writeConfig(inputFolder, stateFolder, objects);
  const server = await serveWorkers(join(folder, "run"), workers, config);
  return {
    async get(path) {
      const response = await fetch(server.url + path);
      return { status: response.status, text: await response.text() };
    },
    stop: () => server.stop(),
  };
}

/** The sample as data of another year, which the earlier release does not look at. */
async function writeData(folder: string): Promise<string> {
  const [sample, data] = [join(projectFolder, "data/input/Sample"), join(folder, "data")];
  await mkdir(data, { recursive: true });
  await cp(join(sample, "sample_solar_data.csv"), join(data, "solar_data.csv"));
  const demand = await readFile(join(sample, "sample_load_data.csv"), "utf8");
  await writeFile(join(data, "load_data.csv"), demand.replaceAll(",2020,", ",2012,"));
  return data;
}

/** The directory is always the new build's: the earlier one has none, and a deployment makes it first. */
function writeConfig(inputFolder: string, stateFolder: string, objects: Build): string {
  const bindings = `
    (name = "ASSETS", service = "assets"),
    (name = "COMMUNITY", durableObjectNamespace = (className = "Community", serviceName = "objects")),
    (name = "DIRECTORY", durableObjectNamespace = (className = "Directory", serviceName = "directory")),
    (name = "units", json = "3"), (name = "acceleration", json = "0"),
    (name = "defaultAccess", text = "open"), (name = "place", text = "dev"),`;
  const worker = (file: string, rest = "") => `(
  modules = [(name = "${file}", esModule = embed "${file}")],
  compatibilityDate = "${compatibilityDate}",
  bindings = [${bindings}],${rest}
)`;
  // Keys stay the same whoever runs the objects, as in a deployment; what runs no objects keeps none.
  const keeps = (className: string, key: string) => `
  durableObjectNamespaces = [(className = "${className}", uniqueKey = "${key}", enableSql = true)],
  durableObjectStorage = (localDisk = "state"),`;
  return `# Objects of the ${objects} build.
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "objects", worker = .objects),
    (name = "directory", worker = .directory),
    (name = "assets", worker = .assets),
    (name = "input", disk = (path = ${JSON.stringify(inputFolder)})),
    (name = "state", disk = (path = ${JSON.stringify(stateFolder)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = ${worker("worker.js")};
const objects :Workerd.Worker = ${worker("objects.js", keeps("Community", "apis-emulator"))};
const directory :Workerd.Worker = ${worker("directory.js", keeps("Directory", "apis-emulator-directory"))};
const assets :Workerd.Worker = (
  modules = [(name = "input-files.js", esModule = embed "input-files.js")],
  compatibilityDate = "${compatibilityDate}",
  bindings = [(name = "INPUT", service = "input")],
);
`;
}
