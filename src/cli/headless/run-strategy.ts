import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Action,
  Community,
  type CommunityData,
  type GivenStep,
  StepError,
} from "../../laboratory/index.ts";
import { SimulationError, type TimedCommand } from "./run-headless.ts";

/**
 * What a module of `--strategy` exports by default. It is called before each step with a copy of the community, on which it
 * may look ahead, and gives the step to take, as `community.step` takes it; null ends it.
 */
type Strategy = (community: Community) => GivenStep | null | Promise<GivenStep | null>;

/** @throws SimulationError where the file is no module that exports a function by default */
export async function loadStrategy(path: string): Promise<Strategy> {
  const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href).catch(
    (error: Error) => {
      throw new SimulationError(`--strategy ${path}: ${error.message.split("\n")[0]}`);
    },
  );
  if (typeof module.default === "function") return module.default as Strategy;
  throw new SimulationError(
    `--strategy ${path}: it exports no function by default: export default (community) => step`,
  );
}

interface StrategyRun {
  readonly data: CommunityData;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly durationS: number;
}

/**
 * Lets a strategy step a community of its own, and gives what it did as commands at their seconds: performed again, they come
 * to the same bits.
 * @throws SimulationError where a step is refused or comes to nothing
 */
export async function runStrategy(
  strategy: Strategy,
  { data, configuration, durationS }: StrategyRun,
  progress: (share: number) => void,
): Promise<TimedCommand[]> {
  const community = Community.create({ data, configuration });
  const commands: TimedCommand[] = [];
  while (community.timeS < durationS && !community.ended) {
    const { timeS } = community;
    const step = await decide(strategy, community);
    if (step === null) break;
    try {
      const untilS = Math.min(durationS, typeof step.untilS === "number" ? step.untilS : durationS);
      community.step(
        step.untilS === undefined || typeof step.untilS === "number" ? { ...step, untilS } : step,
      );
    } catch (error) {
      throw error instanceof StepError ? new SimulationError(`Step at ${timeS} s: ${error.message}`) : error;
    }
    if (community.timeS === timeS)
      throw new SimulationError(
        `Step at ${timeS} s: time did not move; give seconds, untilS or event after it`,
      );
    for (const action of step.actions ?? []) commands.push({ at: timeS, get: pathOf(action) });
    progress(community.timeS / durationS);
  }
  return commands;
}

async function decide(strategy: Strategy, community: Community): Promise<GivenStep | null> {
  const at = `at ${community.timeS} s`;
  const step = await Promise.resolve(community.copy())
    .then(strategy)
    .catch((error: unknown) => {
      throw new SimulationError(
        `The strategy failed ${at}: ${error instanceof Error ? error.message : error}`,
      );
    });
  if (typeof step === "object") return step;
  throw new SimulationError(`The strategy gave ${String(step)} ${at}; allowed: a step, or null to end`);
}

function pathOf({ unit, set }: Action): string {
  const texts = Object.entries(set).map(([name, value]) => [name, String(value)]);
  return `/set/emu/${unit}?${new URLSearchParams(Object.fromEntries(texts))}`;
}
