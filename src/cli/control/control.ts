import { Command } from "commander";
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

async function ask(method: "GET" | "POST", path: string, query: Query = {}): Promise<void> {
  const { url, key = process.env.APIS_EMULATOR_KEY, claim, claimSeconds } = program.opts<ControlOptions>();
  const place = readPlace(url, key);
  const claiming = method === "GET" ? {} : { claim, claimSeconds };
  const response = await askCommunity(place, { method, path, query: { ...query, ...claiming } });
  const json = await response.text();
  console.log(json);
  if ((JSON.parse(json) as { eventCame?: boolean }).eventCame === false) process.exitCode = exitCodes.notCome;
}

program
  .command("time")
  .description("tells where simulated time stands, and changes nothing")
  .action(() => ask("GET", "/time"));
program
  .command("hold")
  .description("holds simulated time where it is")
  .action(() => ask("POST", "/time/hold"));
program
  .command("run")
  .description("lets simulated time go on at the acceleration that it has kept")
  .action(() => ask("POST", "/time/run"));
program
  .command("step")
  .description("holds simulated time and moves it on")
  .argument("<seconds>", "whole simulated seconds")
  .action((seconds: string) => ask("POST", "/time/step", { seconds }));
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
    ask("POST", "/time/until", { time, event, unit, latest }),
  );

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ControlError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
});
