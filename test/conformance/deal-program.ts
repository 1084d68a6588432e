import { Command } from "commander";
import { runDeal } from "./deal.ts";
import { ClientFailure, HttpClient } from "./http-client.ts";
import { passTimeQuickly } from "./quick-time.ts";
import { seededChoice } from "./seeded-choice.ts";
import { sleepThroughPoll, waitingCommand } from "./session.ts";
import { ConformanceError, type LoggedStep, StepLog } from "./step-log.ts";
import { UnitClient } from "./unit-client.ts";

interface ProgramOptions {
  charging: string;
  discharging: string;
  waiting: string[];
  current: string;
  energy: string;
  seed: string;
  speedUp?: boolean;
}

const program = new Command("deal-program")
  .description("Does one deal with a running emulator as apis-main does it, and checks what it relies on.")
  .argument("<url>", "the emulator's, e.g. http://localhost:4390")
  .option("--charging <unit>", "takes the energy and holds the voltage", "E001")
  .option("--discharging <unit>", "gives the energy", "E002")
  .option("--waiting <units...>", "other units to check at each poll", [])
  .option("--current <ampere>", "current of the deal", "1")
  .option("--energy <wattHours>", "energy of the deal", "50")
  .option("--seed <number>", "of the voltages chosen at random", "1")
  .option("--speed-up", "raise the acceleration for a moment where apis-main would wait")
  .action(deal);

async function deal(url: string, options: ProgramOptions): Promise<void> {
  const { charging, discharging, waiting } = options;
  const http = new HttpClient(url);
  const client = new UnitClient(http, new StepLog(printStep));
  try {
    const acceleration = Number(await http.getText("/get/acc"));
    const session = {
      client,
      ids: [charging, discharging, ...waiting],
      pollMs: 100,
      secondsPerPoll: 5 * acceleration,
      passTime: options.speedUp ? passTimeQuickly(http, acceleration) : sleepThroughPoll,
      choose: seededChoice(Number(options.seed)),
    };
    const terms = { currentA: Number(options.current), energyWh: Number(options.energy) };
    await runDeal(session, { charging, discharging, ...terms });
    console.log("deal complete");
  } catch (error) {
    await Promise.allSettled([charging, discharging].map((id) => client.setConverter(id, waitingCommand)));
    throw error;
  } finally {
    http.close();
  }
}

function printStep({ step, measured }: LoggedStep): void {
  const values = Object.entries(measured).map(([name, value]) => `${name} ${formatValue(value)}`);
  console.log(`${step.padEnd(18)}${values.join(", ")}`);
}

function formatValue(value: number | string): string {
  return typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value;
}

program.parseAsync().catch((error: unknown) => {
  const isExpected = error instanceof ConformanceError || error instanceof ClientFailure;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
});
