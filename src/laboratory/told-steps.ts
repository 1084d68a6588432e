import { formatUnitId } from "../notation/unit-id.ts";
import { accounts, type Ledger } from "../simulation/ledger.ts";
import type { Occurrence, OccurrenceKind } from "../simulation/occurrences.ts";
import type { TripCause } from "../simulation/trip-causes.ts";
import type { ObservableName } from "./observables.ts";
import { mostTold, type StepOccurrences, type Stepper } from "./stepper.ts";

/** What came in a step. */
export interface StepEvent {
  readonly timeS: number;
  /** Null where it is of all: the bus, days and data. */
  readonly unit: string | null;
  readonly kind: OccurrenceKind;
  /** Of a trip, why the converter was protected. */
  readonly cause?: TripCause;
}

export function writeEvent({ timeS, unitNumber, kind, cause }: Occurrence): StepEvent {
  const unit = unitNumber === null ? null : formatUnitId(unitNumber);
  return { timeS, unit, kind, ...(cause && { cause }) };
}

type Columns<Name extends string> = Partial<Record<Name, readonly number[]>>;

/** What is told of steps that follow one another, in columns: a value for each unit, step after step. */
export class ToldSteps {
  readonly #observed: readonly ObservableName[];
  readonly #numbers: readonly number[];
  readonly #observations: readonly Float64Array[];
  /** None where they are told of all steps together. */
  readonly #energies: readonly Float64Array[];
  readonly #events: StepEvent[] = [];
  #leftOut = 0;
  readonly #endsS: number[] = [];

  constructor(
    observed: readonly ObservableName[],
    unitNumbers: readonly number[],
    steps: number,
    tellsEnergies = true,
  ) {
    this.#observed = observed;
    this.#numbers = unitNumbers;
    this.#observations = observed.map(() => new Float64Array(unitNumbers.length * steps));
    this.#energies = tellsEnergies ? accounts.map(() => new Float64Array(unitNumbers.length * steps)) : [];
  }

  /** Notes what came in the next step, which has come to its end. */
  note(stepper: Stepper, { told, leftOut }: StepOccurrences): void {
    const offset = this.#endsS.length * this.#numbers.length;
    const room = mostTold - this.#events.length;
    for (const occurrence of told.slice(0, room)) this.#events.push(writeEvent(occurrence));
    this.#leftOut += leftOut + Math.max(0, told.length - room);
    stepper.observe(this.#observed, this.#numbers, this.#observations, offset);
    if (this.#energies.length > 0) stepper.writeEnergies(this.#numbers, this.#energies, offset);
    this.#endsS.push(stepper.timeS);
  }

  write() {
    return {
      stepTimesS: this.#endsS,
      events: this.#events,
      eventsLeftOut: this.#leftOut,
      units: this.#numbers.map(formatUnitId),
      observations: toLists(this.#observed, this.#observations),
      ...(this.#energies.length > 0 && { energies: toLists(accounts, this.#energies) }),
    };
  }
}

/** What has flowed through each of these units since it began, or with `since` since another stood [Wh]. */
export function writeLedger(
  stepper: Stepper,
  unitNumbers: readonly number[],
  since?: Stepper,
): Columns<keyof Ledger> {
  const columns = readLedger(stepper, unitNumbers);
  const before = since === undefined ? [] : readLedger(since, unitNumbers);
  const changes = columns.map((column, index) =>
    column.map((energyWh, place) => energyWh - (before[index]?.[place] ?? 0)),
  );
  return toLists(accounts, changes);
}

function readLedger(stepper: Stepper, unitNumbers: readonly number[]): Float64Array[] {
  const columns = accounts.map(() => new Float64Array(unitNumbers.length));
  stepper.writeLedgers(unitNumbers, columns);
  return columns;
}

/** Dozens of short columns are told of each step: `Array.from` takes much longer for one. */
function toList(column: Float64Array): number[] {
  const list: number[] = [];
  for (let i = 0; i < column.length; i++) list.push(column[i] as number);
  return list;
}

function toLists<Name extends string>(
  names: readonly Name[],
  columns: readonly Float64Array[],
): Columns<Name> {
  return Object.fromEntries(
    names.map((name, index) => [name, toList(columns[index] as Float64Array)]),
  ) as unknown as Columns<Name>;
}
