import * as v from "valibot";
import { createWorld, type WorldInput } from "../input/config/create-world.ts";
import type { Config } from "../input/config/entries.ts";
import { countFirstUnits } from "../input/config/first-units.ts";
import { ConfigError, readConfig } from "../input/config/read-config.ts";
import { findHomesFaults } from "../input/homes/check-homes.ts";
import { initialPercentOf } from "../input/homes/complete-home.ts";
import { describeUnit } from "../input/units/read-unit-file.ts";
import { readUnitFiles } from "../input/units/unit-files.ts";
import type { Checked } from "../notation/parameters.ts";
import type { Refusal } from "../notation/refusal.ts";
import { release } from "../notation/release.ts";
import { describeIssue } from "../notation/rows.ts";
import { formatCalendar, toCalendar } from "../notation/simulated-time.ts";
import { formatUnitId } from "../notation/unit-id.ts";
import { beginWith } from "../simulation/commands.ts";
import { createCommunity } from "../simulation/community.ts";
import type { BusState } from "../simulation/dc-bus.ts";
import { accounts, type Ledger } from "../simulation/ledger.ts";
import { createUnit, type UnitState } from "../simulation/unit.ts";
import type { World } from "../simulation/world.ts";
import { checkSteps, targetOf } from "./check-steps.ts";
import { type CommunityData, fingerprint, toWorldInput } from "./data.ts";
import { type ObservableName, observableNames } from "./observables.ts";
import { busSchema, timeS, unitStateSchema } from "./state-shapes.ts";
import { Stepper } from "./stepper.ts";
import {
  type Action,
  type GivenStep,
  readObserved,
  readStep,
  readUnits,
  type Step,
  type StepTarget,
} from "./steps.ts";
import { type StepEvent, writeEvent } from "./told-steps.ts";

/** What a new community is made of. */
export interface CommunityParts {
  readonly data: CommunityData;
  /** One for each home of the data, if not given; more than those live in the same homes again. */
  readonly homes?: number;
  /** Parameters of docs/configuration.md; what is not given has its default. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Where a step came to. */
export interface StepEnd {
  readonly time: string;
  readonly timeS: number;
  /** Whether the data have come to their end, at which time stands still. */
  readonly ended: boolean;
  readonly events: readonly StepEvent[];
  /** How many events came after these: a step tells of 100,000 at the most. */
  readonly eventsLeftOut: number;
}

export type Observations = Partial<Record<ObservableName, Float64Array>>;
export type Energies = Record<keyof Ledger, Float64Array>;

/** A step that cannot be taken: nothing has changed. */
export class StepError extends RangeError {
  override name = "StepError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const jsonVersion = 1;
const jsonSchema = v.object({
  version: v.literal(jsonVersion),
  release: v.string(),
  data: v.string(),
  configuration: v.record(v.string(), v.unknown()),
  timeS,
  units: v.pipe(v.array(unitStateSchema), v.minLength(1)),
  bus: busSchema,
});

/** A community in JSON: its configuration, its state, and by what its data are known, not these themselves. */
export interface CommunityJson {
  readonly version: typeof jsonVersion;
  readonly release: string;
  readonly data: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly timeS: number;
  readonly units: readonly UnitState[];
  readonly bus: BusState;
}

interface Given {
  readonly config: Config;
  readonly data: CommunityData;
  readonly world: World;
}

/**
 * A community of homes that is stepped through simulated time. It knows no clock, reads and writes nothing, and comes to the
 * same bits as a server with these data, this configuration and these actions at their moments.
 */
export class Community {
  readonly #given: Given;
  readonly #stepper: Stepper;

  private constructor(given: Given, stepper: Stepper) {
    this.#given = given;
    this.#stepper = stepper;
  }

  /**
   * A new community at the beginning of its data, as a server begins one.
   * @throws ConfigError for a wrong configuration, RangeError for wrong data
   */
  static create({ data, homes, configuration = {} }: CommunityParts): Community {
    const given = gather(data, homes === undefined ? configuration : { ...configuration, units: homes });
    const { config, world } = given;
    const { standard } = readUnitFiles();
    const units = Array.from({ length: countFirstUnits(config, data.demand.length) }, (_, index) => {
      const { settings } = describeUnit(standard, index + 1);
      const unit = createUnit(index + 1, 0, settings);
      unit.stateOfChargePercent = initialPercentOf(config, index + 1) ?? settings.stateOfChargePercent;
      if (world.powerFlowEnabled) return unit;
      const { solarPowerW, demandPowerW } = standard.settings;
      return { ...unit, heldSolarPowerW: solarPowerW, heldDemandPowerW: demandPowerW };
    });
    const state = createCommunity();
    beginWith(state, units, { timeS: 0, world, accelerationFactor: config.acceleration });
    return new Community(given, new Stepper(state, world, 0, config.acceleration));
  }

  /**
   * The community that `toJSON` wrote, made of the same data.
   * @throws RangeError where `json` is none, or was made with other data
   */
  static fromJSON(json: unknown, data: CommunityData): Community {
    const read = v.safeParse(jsonSchema, json);
    if (!read.success) throw new RangeError(`This is no community: ${describeIssue(read.issues[0])}`);
    const { configuration, units, bus, timeS } = read.output;
    if (read.output.data !== fingerprint(data))
      throw new RangeError("The community was made with other data than these");
    const misplaced = units.find(({ number }, index) => number !== index + 1);
    if (misplaced !== undefined)
      throw new RangeError(`This is no community: unit ${misplaced.number} stands in another's place`);
    const given = gather(data, configuration);
    const stepper = new Stepper({ units, bus }, given.world, timeS, given.config.acceleration);
    return new Community(given, stepper);
  }

  /** Simulated seconds since the beginning of the data. */
  get timeS(): number {
    return this.#stepper.timeS;
  }

  /** The same as a calendar without a time zone shows it: `2020/01/31-12:00:00`. */
  get time(): string {
    return formatCalendar(toCalendar(this.#given.config.startTime, this.timeS));
  }

  /** Whether the data have come to their end, at which time stands still. */
  get ended(): boolean {
    return this.#stepper.ended;
  }

  /** IDs of the homes: `E001` and so on. */
  get units(): string[] {
    return this.#stepper.state.units.map(({ number }) => formatUnitId(number));
  }

  /**
   * Performs actions in their order, at the present moment. What they set shows at once.
   * @throws StepError, and then none was performed
   */
  act(actions: readonly Action[]): void {
    const [step] = this.#check([{ actions, seconds: 0 }]);
    this.#stepper.act((step as Step).acts);
  }

  /**
   * Moves on, to the first of what the target names, and tells what came after the present moment up to and including the
   * new one, and at once by the actions since the last step.
   * @throws StepError
   */
  advance(target: StepTarget): StepEnd {
    const [step] = this.#check([target]);
    return this.#advance(step as Step);
  }

  /**
   * Acts, then advances: one step, of which nothing is done if part of it is wrong.
   * @throws StepError
   */
  step(given: GivenStep): StepEnd {
    const [step] = this.#check([given]) as [Step];
    this.#stepper.act(step.acts);
    return this.#advance(step);
  }

  /**
   * What is seen of each home at the present moment: a column for each name, with a value for each of `units` in its order.
   * @throws StepError
   */
  observe(names: readonly ObservableName[] = observableNames, units?: readonly string[]): Observations {
    const observed = take(readObserved(names, "names"));
    const numbers = this.#numbersOf(units);
    const columns = observed.map(() => new Float64Array(numbers.length));
    this.#stepper.observe(observed, numbers, columns);
    return Object.fromEntries(observed.map((name, index) => [name, columns[index]]));
  }

  /** What flowed in the last step [Wh], actions at its beginning included: a column for each account. @throws StepError */
  energies(units?: readonly string[]): Energies {
    const { numbers, columns, energies } = this.#createColumns(units);
    this.#stepper.writeEnergies(numbers, columns);
    return energies;
  }

  /** What has flowed since each home began [Wh]: the same to the bit whatever the steps were. @throws StepError */
  ledger(units?: readonly string[]): Energies {
    const { numbers, columns, energies } = this.#createColumns(units);
    this.#stepper.writeLedgers(numbers, columns);
    return energies;
  }

  /** A community of its own that goes on from here. */
  copy(): Community {
    return new Community(this.#given, this.#stepper.copy());
  }

  toJSON(): CommunityJson {
    const { config, data } = this.#given;
    const { units, bus } = this.#stepper.copy().state;
    return {
      version: jsonVersion,
      release,
      data: fingerprint(data),
      configuration: { ...config },
      timeS: this.timeS,
      units,
      bus,
    };
  }

  #check(steps: readonly unknown[]): Step[] {
    const read = steps.map((given) => take(readStep(given, "")));
    const { timeS, world, state } = this.#stepper;
    take(checkSteps(read, { timeS, world, unitCount: state.units.length }));
    return read;
  }

  #advance(step: Step): StepEnd {
    const stepper = this.#stepper;
    const { told, leftOut } = stepper.advance(targetOf(step, stepper));
    const { timeS, ended } = stepper;
    return { time: this.time, timeS, ended, events: told.map(writeEvent), eventsLeftOut: leftOut };
  }

  #numbersOf(units: readonly string[] | undefined): number[] {
    const all = this.#stepper.state.units;
    if (units === undefined) return all.map(({ number }) => number);
    const numbers = take(readUnits(units, "units"));
    const missing = numbers.findIndex((number) => number > all.length);
    if (missing === -1) return numbers;
    throw new RangeError(`units[${missing}]: there is no unit ${units[missing]}`);
  }

  #createColumns(units: readonly string[] | undefined) {
    const numbers = this.#numbersOf(units);
    const columns = accounts.map(() => new Float64Array(numbers.length));
    const named = accounts.map((account, index) => [account, columns[index]]);
    return { numbers, columns, energies: Object.fromEntries(named) as Energies };
  }
}

function gather(data: CommunityData, configuration: Readonly<Record<string, unknown>>): Given {
  const { firstDate } = data;
  const dated = firstDate === undefined ? {} : { startTime: `${firstDate}T00:00:00` };
  const config = readConfig({ ...dated, ...configuration }, true);
  const faults = findHomesFaults(config, data.demand.length);
  if (faults.length > 0) throw new ConfigError(faults.join("\n"));
  const input: WorldInput = toWorldInput(data, config);
  return { config, data, world: createWorld(config, input) };
}

/** @throws StepError */
function take<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new StepError(checked.refusal);
}
