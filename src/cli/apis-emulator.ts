import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { release } from "../notation/release.ts";

interface Program {
  readonly does: string;
  load(): Promise<unknown>;
}

/** Each has options of its own. */
const programs: Readonly<Record<string, Program>> = {
  start: {
    does: "serves the emulator on this machine",
    load: () => {
      // It waits more than it works: without these its heap grows to twice the runtime's.
      setFlagsFromString("--max-semi-space-size=1");
      setFlagsFromString("--optimize-for-size");
      return import("./local/start.ts");
    },
  },
  import: {
    does: "reads data as people have them, and writes them as `start --data` takes them",
    load: () => import("./import/import.ts"),
  },
  simulate: { does: "runs a community without a server", load: () => import("./headless/simulate.ts") },
  bridge: {
    does: "lets apis-main use a hosted emulator",
    load: () => import("./bridge/start-bridge.ts"),
  },
  control: {
    does: "commands the time of a running community, for scripts",
    load: () => import("./control/control.ts"),
  },
  backup: {
    does: "writes a community of a running server to a file",
    load: () => import("./backup/backup.ts"),
  },
  restore: { does: "replaces a community by that of a backup", load: () => import("./backup/restore.ts") },
};

const [, , name = ""] = process.argv;
if (Object.hasOwn(programs, name)) {
  process.argv.splice(2, 1);
  await programs[name]?.load();
} else {
  const all = new Command("apis-emulator")
    .description("An emulator of a community of homes with batteries on a shared DC grid.")
    .version(release);
  for (const [command, { does }] of Object.entries(programs)) all.command(command).description(does);
  all.parse();
}
