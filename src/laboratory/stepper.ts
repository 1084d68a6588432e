import { beginCarrying, type Carried, carryTo, readCarried } from "../simulation/carry.ts";
import { changeUnit, type UnitChange } from "../simulation/commands.ts";
import { advanceCommunity, type CommunityState, copyCommunity } from "../simulation/community.ts";
import type { Occasion } from "../simulation/flow.ts";
import { createLedger, writeAccounts } from "../simulation/ledger.ts";
import type { Observer } from "../simulation/observer.ts";
import {
  type Awaited,
  type Conditions,
  changeOfBus,
  compareOccurrences,
  findFirstOccurrence,
  listOfAll,
  listOfEvent,
  type Occurrence,
  type OccurrenceKind,
  tellChanges,
} from "../simulation/occurrences.ts";
import { type CommunityEvent, findNextTrip, passTrips, tripAt } from "../simulation/protection.ts";
import type { PowerReading } from "../simulation/reading.ts";
import { nextPointS } from "../simulation/series.ts";
import type { UnitState } from "../simulation/unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "../simulation/world.ts";
import { type ObservableName, observables, type Sight } from "./observables.ts";

/*
 * One community that is stepped through simulated time: it acts, advances, observes, in this order (docs/package.md). The
 * package, the paths of the Web API and rollouts all step by it.
 *
 * Always: what a community comes to does not depend on its steps, to the bit; only actions change it. What is told of a step is
 * what lies after its beginning up to and including its end, and what its actions brought at once.
 */

/** What is changed of one unit, checked. */
export interface Act {
  readonly unitNumber: number;
  readonly change: UnitChange;
}

/** How far a step goes: to `untilS`, to the end of the data, or to the first of what is awaited, whichever comes first. */
export interface Target {
  /** Simulated second; infinite where only what is awaited, or the data's end, ends the step. */
  readonly untilS: number;
  readonly awaited?: Awaited | undefined;
}

/** Occurrences that are told of one step at the most: a UPS with equal thresholds may switch every ten seconds. */
export const mostTold = 100_000;

export interface StepOccurrences {
  readonly told: readonly Occurrence[];
  /** How many came later, of which nothing is told. */
  readonly leftOut: number;
}

const nothing = createLedger();

export class Stepper {
  readonly state: CommunityState;
  readonly world: World;
  /** Above 120 ramps of the bus are immediate. */
  accelerationFactor: number;
  #timeS: number;
  readonly #occasion: Occasion;
  readonly #onTripped: (event: CommunityEvent) => void;
  readonly #carried: (Carried | undefined)[] = [];
  /** Of all units at the present moment, once somebody has looked. */
  #readings: readonly PowerReading[] | null = null;
  /** The same where the step began, of which energies are told. */
  #begun: readonly PowerReading[] | null = null;
  /** Whether actions were performed for which nobody has advanced yet. */
  #isInStep = false;
  #told: Occurrence[] = [];
  #leftOut = 0;

  constructor(
    state: CommunityState,
    world: World,
    timeS: number,
    accelerationFactor: number,
    observer?: Observer,
    onTripped: (event: CommunityEvent) => void = () => {},
  ) {
    this.state = state;
    this.world = world;
    this.accelerationFactor = accelerationFactor;
    this.#timeS = timeS;
    this.#occasion = { world, byHand: false, observer };
    this.#onTripped = onTripped;
    passTrips(state, timeS, world, onTripped, observer);
    advanceCommunity(state, timeS, world, observer);
  }

  /** Simulated second. */
  get timeS(): number {
    return this.#timeS;
  }

  /** Whether the data have come to their end, at which time stands still. */
  get ended(): boolean {
    return this.#timeS >= endOfTimeS(this.world);
  }

  /** A community of its own that goes on from here. */
  copy(): Stepper {
    const copy = new Stepper(
      copyCommunity(this.state, this.#timeS),
      this.world,
      this.#timeS,
      this.accelerationFactor,
    );
    copy.#readings = this.#readings;
    copy.#begun = this.#begun;
    copy.#isInStep = this.#isInStep;
    copy.#told = [...this.#told];
    copy.#leftOut = this.#leftOut;
    return copy;
  }

  /** Performs `acts` in their order, at the present moment; `onAct` is told of each, with the numbers of the units that it touched. */
  act<A extends Act>(acts: readonly A[], onAct?: (act: A, touched: readonly number[]) => void): void {
    if (acts.length === 0) return;
    this.#begin();
    const { state, world } = this;
    const timeS = this.#timeS;
    for (const unit of state.units) this.#carry(unit, timeS);
    const before = state.units.map(({ stateOfChargePercent, upsMode, acCharging, outage }): Conditions => {
      return { stateOfChargePercent, upsMode, acCharging, outage };
    });
    const busV = state.bus.targetVoltageV;
    const moment = { timeS, world, accelerationFactor: this.accelerationFactor };
    const { observer } = this.#occasion;
    const allTouched = new Set<number>();
    for (const act of acts) {
      const unit = state.units[act.unitNumber - 1] as UnitState;
      const touched = changeUnit(state, unit, act.change, { ...moment, ...(observer && { observer }) });
      for (const number of touched) allTouched.add(number);
      onAct?.(act, touched);
      const event = tripAt(state, timeS, world, observer);
      if (event.trips.length === 0) continue;
      for (const number of event.touched) allTouched.add(number);
      for (const one of listOfEvent(event, 0, state.bus)) if (one.kind === "trip") this.#note(one);
      this.#onTripped(event);
    }
    for (const number of allTouched) {
      this.#carried[number - 1] = undefined;
      tellChanges(
        state.units[number - 1] as UnitState,
        before[number - 1] as Conditions,
        world.homeOf(number).limits,
        this.#tell,
      );
    }
    this.#tellBus(busV);
    this.#readings = null;
  }

  /**
   * Moves on to `target` and returns what came meanwhile, in the order of time, unit and kind: the first `mostTold`, and how
   * many are left out.
   */
  advance({ untilS, awaited }: Target): StepOccurrences {
    this.#begin();
    this.#isInStep = false;
    const { state, world } = this;
    const afterS = this.#timeS;
    const span = { afterS, untilS };
    const foundS = awaited === undefined ? null : findFirstOccurrence(state, span, awaited, world);
    const endS = Math.max(afterS, foundS ?? Math.min(untilS, endOfTimeS(world)));
    if (endS > afterS) this.#readings = null;
    const told: Occurrence[] = [];
    // Day by day, so that those that are left out are the last ones, and from trip to trip.
    do {
      const fromS = this.#timeS;
      const dayEndS = Math.min(endS, nextPointS(fromS, secondsPerDay));
      const tripS = findNextTrip(state, dayEndS, world);
      this.#timeS = tripS ?? dayEndS;
      for (const one of listOfAll(state, { afterS: fromS, untilS: this.#timeS }, world)) this.#note(one);
      for (const unit of state.units) this.#carry(unit, this.#timeS);
      if (tripS !== null) this.#passTrip();
      if (this.#told.length > 1) this.#told.sort(compareOccurrences);
      for (const one of this.#told) {
        if (told.length < mostTold) told.push(one);
        else this.#leftOut++;
      }
      this.#told = [];
    } while (this.#timeS < endS);
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return { told, leftOut };
  }

  /** Writes what is observed of each of these units into columns, from `offset` on. */
  observe(
    names: readonly ObservableName[],
    unitNumbers: readonly number[],
    columns: readonly Float64Array[],
    offset = 0,
  ): void {
    const readings = this.#read();
    const { units, bus } = this.state;
    const sights = unitNumbers.map((number): Sight => {
      const powers = readings[number - 1] as PowerReading;
      return { powers, unit: units[number - 1] as UnitState, bus, home: this.world.homeOf(number) };
    });
    for (let index = 0; index < names.length; index++) {
      const { read } = observables[names[index] as ObservableName];
      const column = columns[index] as Float64Array;
      for (let place = 0; place < sights.length; place++)
        column[offset + place] = read(sights[place] as Sight);
    }
  }

  /** Writes what has flowed through each of these units since it began [Wh] into columns, one for each account. */
  writeLedgers(unitNumbers: readonly number[], columns: readonly Float64Array[], offset = 0): void {
    const readings = this.#read();
    for (let place = 0; place < unitNumbers.length; place++) {
      const { ledger } = readings[(unitNumbers[place] as number) - 1] as PowerReading;
      writeAccounts(ledger, nothing, columns, offset + place);
    }
  }

  /** The same of what has flowed since the last step began, actions at its beginning included. */
  writeEnergies(unitNumbers: readonly number[], columns: readonly Float64Array[], offset = 0): void {
    const readings = this.#read();
    const begun = this.#begun ?? readings;
    for (let place = 0; place < unitNumbers.length; place++) {
      const index = (unitNumbers[place] as number) - 1;
      const { ledger } = readings[index] as PowerReading;
      writeAccounts(ledger, (begun[index] as PowerReading).ledger, columns, offset + place);
    }
  }

  #begin(): void {
    if (this.#isInStep) return;
    this.#isInStep = true;
    this.#begun = this.#read();
  }

  #read(): readonly PowerReading[] {
    const timeS = this.#timeS;
    this.#readings ??= this.state.units.map((unit) =>
      readCarried(this.#carry(unit, timeS), timeS, this.world),
    );
    return this.#readings;
  }

  #carry(unit: UnitState, untilS: number): Carried {
    const index = unit.number - 1;
    let carried = this.#carried[index];
    if (carried?.unit !== unit) {
      carried = beginCarrying(unit);
      this.#carried[index] = carried;
    }
    const events = carryTo(carried, untilS, this.#occasion, this.#tell);
    if (events > 0) this.#occasion.observer?.onAdvanced?.(events);
    return carried;
  }

  readonly #tell = ({ timeS, number }: Readonly<UnitState>, kind: OccurrenceKind): void => {
    this.#note({ timeS, unitNumber: number, kind });
  };

  #note(occurrence: Occurrence): void {
    if (this.#told.length < mostTold) this.#told.push(occurrence);
    else this.#leftOut++;
  }

  #tellBus(beforeV: number): void {
    const timeS = this.#timeS;
    const kind = changeOfBus(beforeV, this.state.bus, timeS);
    if (kind !== null) this.#note({ timeS, unitNumber: null, kind });
  }

  /** Ends the converters that have to end at the present moment. */
  #passTrip(): void {
    const { state, world } = this;
    const busV = state.bus.targetVoltageV;
    const event = tripAt(state, this.#timeS, world, this.#occasion.observer);
    for (const number of event.touched) this.#carried[number - 1] = undefined;
    for (const one of listOfEvent(event, busV, state.bus)) this.#note(one);
    this.#onTripped(event);
  }
}
