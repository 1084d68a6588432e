import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { describeError } from "../local/start-error.ts";
import { askCommunity, ControlError, exitCodes, readPlace } from "./ask-community.ts";

interface ControlOptions {
  url: string;
  key?: string;
  claim?: string;
  claimSeconds?: string;
}

const program = new Command("apis-emulator control")
  .description(
    "Commands the time of a running community, and prints its answer as JSON. Ends with 0 where that was done, 1 where it was refused, 2 where nobody answered, 3 where the clock is claimed by another, 4 where what was waited for did not come.",
  )
  .option("--url <address>", "the community's address", "http://localhost:4390")
  .option("--key <key>", "its API key; rather set APIS_EMULATOR_KEY, which no list of processes shows")
  .option("--claim <name>", "claims the clock under this name")
  .option("--claim-seconds <s>", "real time for which the claim holds; 0 ends it");

type Query = Readonly<Record<string, string | undefined>>;

async function ask(method: "GET" | "POST", path: string, query: Query = {}, body?: string): Promise<string> {
  const { url, key = process.env.APIS_EMULATOR_KEY } = program.opts<ControlOptions>();
  const asked = { method, path, query, ...(body === undefined ? {} : { body }) };
  const response = await askCommunity(readPlace(url, key), asked);
  return response.text();
}

/** A command of time, with the claim of whoever sends it. */
async function moveTime(path: string, query: Query = {}): Promise<void> {
  const { claim, claimSeconds } = program.opts<ControlOptions>();
  const json = await ask("POST", path, { ...query, claim, claimSeconds });
  console.log(json);
  if ((JSON.parse(json) as { eventCame?: boolean }).eventCame === false) process.exitCode = exitCodes.notCome;
}

program
  .command("time")
  .description("tells where simulated time stands, and changes nothing")
  .action(async () => console.log(await ask("GET", "/time")));
program
  .command("hold")
  .description("holds simulated time where it is")
  .action(() => moveTime("/time/hold"));
program
  .command("run")
  .description("lets simulated time go on at the acceleration that it has kept")
  .action(() => moveTime("/time/run"));
program
  .command("step")
  .description("holds simulated time and moves it on")
  .argument("<seconds>", "whole simulated seconds")
  .action((seconds: string) => moveTime("/time/step", { seconds }));
program
  .command("until")
  .description("holds simulated time and moves it to a moment, or to the first of some events")
  .argument("[time]", "simulated second, or what a calendar shows: 2020-01-02T06:00:00")
  .option(
    "--event <kinds>",
    "empty, full, upsSwitch, acCharging, busUp, busDown, dayEnd, dataEnd, parted by commas",
  )
  .option("--unit <id>", "only events of this home, and of all")
  .option("--latest <time>", "how long an event is waited for")
  .action((time: string | undefined, { event, unit, latest }: Query) =>
    moveTime("/time/until", { time, event, unit, latest }),
  );

const snapshot = program
  .command("snapshot")
  .description("keeps moments of the community, and goes back to them");
snapshot
  .command("list")
  .description("tells which are kept, the oldest first")
  .action(async () => console.log(await ask("GET", "/snapshots")));
snapshot
  .command("keep")
  .description("keeps the present moment")
  .argument("<name>")
  .action(async (name: string) => console.log(await ask("POST", "/snapshots/keep", { name })));
snapshot
  .command("restore")
  .description("goes back to a moment: what came after it is forgotten, and time is held there")
  .argument("<name>")
  .action((name: string) => moveTime("/snapshots/restore", { name }));
snapshot
  .command("begin")
  .description(
    "begins another run with it, from whatever run it is: what was recorded is forgotten, and time is held",
  )
  .argument("<name>")
  .action((name: string) => moveTime("/snapshots/begin", { name }));
snapshot
  .command("delete")
  .description("keeps it no longer")
  .argument("<name>")
  .action(async (name: string) => console.log(await ask("POST", "/snapshots/delete", { name })));
snapshot
  .command("download")
  .description("writes it to a file")
  .argument("<name>")
  .argument("[file]", "file to write (default: the output)")
  .action(async (name: string, file: string | undefined) => {
    const json = await ask("GET", "/snapshots/file", { name });
    if (file === undefined) return console.log(json);
    await writeWhole(file, json).catch((error) => {
      throw new ControlError(describeError(error));
    });
  });

snapshot
  .command("upload")
  .description("takes up what was downloaded, to begin a run or a branch with")
  .argument("<file>")
  .action(async (file: string) => {
    const text = await readFile(file, "utf8").catch((error) => {
      throw new ControlError(describeError(error));
    });
    console.log(await ask("POST", "/snapshots/upload", {}, text));
  });

/** The file is whole, or as it was before. */
async function writeWhole(file: string, text: string): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ControlError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
});
