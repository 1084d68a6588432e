import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { asOrdinaryUser, giveToUser, run } from "./ordinary-user.ts";

/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Reads the instructions of a Dockerfile: comments are left out, lines that go on are joined. */
export function readDockerfile(text: string): Instruction[] {
  const lines = text.replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n\s*/g, "");
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

/** What the steps of a Dockerfile make: the root folder of the last stage, and how a container of it begins. */
export interface Image {
  readonly root: string;
  readonly bases: readonly string[];
  readonly user: string;
  readonly folder: string;
  readonly volume: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly health: readonly string[];
}

/** The Node that this project brings stands for the one of the base image. */
const node = execFileSync("node", ["-p", "process.execPath"], {
  cwd: projectFolder,
  encoding: "utf8",
}).trim();

/**
 * Commands that make `root` the root of a system: the machine's own programs, read-only, and what lies in `root`. For a
 * shell in a mount namespace of its own.
 */
export function describeMounts(root: string): string {
  const places = ["usr", "etc", "dev"].map(
    (name) => `mkdir -p ${root}/${name} && mount --rbind /${name} ${root}/${name}`,
  );
  const links = ["bin", "sbin", "lib", "lib64"].map(
    (name) => `{ [ -e ${root}/${name} ] || ln -s usr/${name} ${root}/${name}; }`,
  );
  const proc = `mkdir -p ${root}/proc ${root}/tmp && mount -t proc proc ${root}/proc`;
  return [...places, ...links, proc, `mount --bind ${node} ${root}/usr/bin/node`].join(" && ");
}

/** Does the steps of the project's Dockerfile below `folder`, as an ordinary user; the base is this machine's system. */
export function buildImage(folder: string): Image {
  const roots = new Map<string, string>();
  let stage = "";
  let directory = "/";
  const image = { bases: [] as string[], user: "root", volume: "", root: "" };
  const lists = { entrypoint: [] as string[], command: [] as string[], health: [] as string[] };
  const inRoot = (path: string) => join(image.root, path.startsWith("/") ? path : join(directory, path));
  for (const { name, rest } of readDockerfile(readFileSync(join(projectFolder, "Dockerfile"), "utf8"))) {
    if (name === "FROM") {
      const [base = "", , as] = rest.split(" ");
      stage = as ?? "last";
      image.bases.push(base);
      image.root = join(folder, stage);
      roots.set(stage, image.root);
      mkdirSync(image.root, { recursive: true });
      giveToUser(image.root);
      directory = "/";
    } else if (name === "WORKDIR") {
      directory = rest;
      mkdirSync(inRoot(rest), { recursive: true });
    } else if (name === "COPY") copy(rest, roots, inRoot);
    else if (name === "RUN") runStep(image.root, directory, rest);
    else if (name === "USER") image.user = rest;
    else if (name === "VOLUME") image.volume = rest;
    else if (name === "ENTRYPOINT") lists.entrypoint = JSON.parse(rest);
    else if (name === "CMD") lists.command = JSON.parse(rest);
    else if (name === "HEALTHCHECK") lists.health = JSON.parse(rest.slice(rest.indexOf("CMD ") + 4));
    else if (name !== "EXPOSE") throw new Error(`The steps know no ${name}`);
  }
  giveToUser(image.root);
  return { ...image, ...lists, folder: directory };
}

function copy(rest: string, roots: ReadonlyMap<string, string>, inRoot: (path: string) => string): void {
  const options = rest.split(" ").filter((word) => word.startsWith("--"));
  const [source = "", target = ""] = rest.split(" ").filter((word) => !word.startsWith("--"));
  const from = options.find((option) => option.startsWith("--from="))?.slice("--from=".length);
  if (from === undefined) copyContext(inRoot(target));
  else
    cpSync(join(roots.get(from) as string, source), inRoot(target), {
      recursive: true,
      verbatimSymlinks: true,
    });
}

/** The files of the checkout that .dockerignore lets through. */
function copyContext(target: string): void {
  const left = readFileSync(join(projectFolder, ".dockerignore"), "utf8").trim().split("\n");
  const isLeft = (path: string) =>
    left.some((pattern) => {
      const [before = "", after] = pattern.split("*");
      if (after === undefined) return path === pattern || path.startsWith(`${pattern}/`);
      return path.startsWith(before) && path.endsWith(after) && !path.slice(before.length).includes("/");
    });
  const files = run(["git", "ls-files", "--cached", "--others"], { cwd: projectFolder }).trim().split("\n");
  for (const file of files.filter((path) => !isLeft(path))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(projectFolder, file), join(target, file));
  }
  giveToUser(target);
}

function runStep(root: string, directory: string, step: string): void {
  giveToUser(root);
  const command = `export HOME=/tmp; cd ${directory} && ${step}`;
  const script = `${describeMounts(root)} && exec chroot ${root} /bin/sh -ec '${command}'`;
  run([...asOrdinaryUser("-Urmpf"), "sh", "-ec", script], { env: { ...process.env, ...npmSettings() } });
}

/** Where npm finds packages on this machine, for a home that has no settings. */
function npmSettings(): NodeJS.ProcessEnv {
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  return { npm_config_registry: registry, npm_config_update_notifier: "false" };
}
