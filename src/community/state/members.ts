import { describeUnit, type UnitDescription } from "../../input/units/read-unit-file.ts";
import type { Save } from "../../input/units/save.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import {
  addUnit,
  beginWith,
  bringBack,
  changeUnit,
  type Moment,
  removeLastUnit,
  replaceUnits,
  type UnitChange,
} from "../../simulation/commands.ts";
import { type CommunityState, createCommunity } from "../../simulation/community.ts";
import type { Departure } from "../../simulation/ledger.ts";
import { createUnit, type UnitState } from "../../simulation/unit.ts";
import type { StoredCommunity, UnitsChange } from "../storage/storage.ts";

/**
 * The units of a community, each with its JSON for what nothing moves. Whatever changes them gives back what is
 * to be kept of the change.
 */
export class Members {
  readonly community: CommunityState;
  /** In the order of the units. */
  readonly templates: UnitJson[];
  /** What a new unit is like. */
  readonly #standard: UnitDescription;
  readonly #initialPercentOf: (number: number) => number | null;

  /** `initialPercentOf` says with which charge a unit begins, or null where its description does. */
  constructor(
    standard: UnitDescription,
    stored: StoredCommunity | null,
    initialPercentOf: (number: number) => number | null,
  ) {
    this.#standard = standard;
    this.#initialPercentOf = initialPercentOf;
    this.community =
      stored === null
        ? createCommunity()
        : { units: stored.units.map(({ state }) => state), bus: stored.bus };
    this.templates = stored?.units.map(({ template }) => template) ?? [];
  }

  get count(): number {
    return this.community.units.length;
  }

  /** The unit with this number, which must be there. */
  unit(number: number): UnitState {
    return this.community.units[number - 1] as UnitState;
  }

  /** The JSON of a unit for what nothing moves, also of one that was removed. */
  templateOf(number: number): UnitJson {
    return this.templates[number - 1] ?? describeUnit(this.#standard, number).template;
  }

  change(number: number, change: UnitChange, moment: Moment): UnitsChange {
    return this.#these(changeUnit(this.community, this.unit(number), change, moment));
  }

  /** Adds `count` new units. */
  add(count: number, moment: Moment): UnitsChange {
    const touched = new Set<number>();
    for (let added = 0; added < count; added++) {
      const number = this.count + 1;
      const description = describeUnit(this.#standard, number);
      this.templates.push(description.template);
      const unit = this.#create(description, number, moment);
      for (const each of addUnit(this.community, unit, moment)) touched.add(each);
    }
    return this.#these([...touched].sort((a, b) => a - b));
  }

  removeLast(moment: Moment): UnitsChange {
    this.templates.pop();
    const { touched, departed } = removeLastUnit(this.community, moment);
    return this.#these(touched, departed);
  }

  /** Puts `count` units in the place of all there are: those described, and new ones beyond them. */
  replace(described: readonly UnitDescription[], moment: Moment, count = described.length): UnitsChange {
    const departed = replaceUnits(this.community, this.#createAll(described, count, moment), moment);
    return this.#these(this.#allNumbers(), departed);
  }

  /** As `replace`, but nothing is left of those that were there. */
  begin(described: readonly UnitDescription[], moment: Moment, count = described.length): UnitsChange {
    beginWith(this.community, this.#createAll(described, count, moment), moment);
    return this.#these(this.#allNumbers());
  }

  /** Units that begin have the charge of their homes' beginning. */
  #createAll(
    described: readonly UnitDescription[],
    count: number,
    moment: Moment,
    begins = true,
  ): UnitState[] {
    const descriptions = Array.from(
      { length: count },
      (_, index) => described[index] ?? describeUnit(this.#standard, index + 1),
    );
    this.templates.splice(0, Number.POSITIVE_INFINITY, ...descriptions.map(({ template }) => template));
    return descriptions.map((description, index) => this.#create(description, index + 1, moment, begins));
  }

  #allNumbers(): number[] {
    return this.community.units.map(({ number }) => number);
  }

  /** Brings back what was saved, as it goes on from now, or takes up units of which no more is known than a file says. */
  load({ units, snapshot }: Save, moment: Moment): UnitsChange {
    if (snapshot === null) {
      const departed = replaceUnits(
        this.community,
        this.#createAll(units, units.length, moment, false),
        moment,
      );
      return this.#these(this.#allNumbers(), departed);
    }
    this.templates.splice(0, Number.POSITIVE_INFINITY, ...units.map(({ template }) => template));
    const departed = bringBack(this.community, snapshot, moment);
    if (!moment.world.powerFlowEnabled) this.#holdPowers(units);
    return this.#these(this.#allNumbers(), departed);
  }

  /** Without power flow no data move what was saved while they did. */
  #holdPowers(units: readonly UnitDescription[]): void {
    units.forEach(({ settings }, index) => {
      const unit = this.unit(index + 1);
      unit.heldSolarPowerW ??= settings.solarPowerW;
      unit.heldDemandPowerW ??= settings.demandPowerW;
    });
  }

  /** These units, after each was changed. */
  changed(numbers: readonly number[]): UnitsChange {
    return this.#these(numbers);
  }

  /** All units, after each was changed. */
  all(): UnitsChange {
    return this.#these(this.#allNumbers());
  }

  #create({ settings }: UnitDescription, number: number, { timeS, world }: Moment, begins = true): UnitState {
    const unit = createUnit(number, timeS, settings);
    if (begins) unit.stateOfChargePercent = this.#initialPercentOf(number) ?? settings.stateOfChargePercent;
    if (world.powerFlowEnabled) return unit;
    unit.heldSolarPowerW = settings.solarPowerW;
    unit.heldDemandPowerW = settings.demandPowerW;
    return unit;
  }

  /** What keeps these units as they are now, how many there are, and the accounts of those that went. */
  #these(numbers: readonly number[], departed: readonly Departure[] = []): UnitsChange {
    const units = numbers.map((number) => ({ state: this.unit(number), template: this.templateOf(number) }));
    return { units, unitCount: this.count, bus: this.community.bus, departed };
  }
}
