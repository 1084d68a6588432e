import { commitUnit } from "./advance.ts";
import { storedEnergyWh } from "./battery.ts";
import { type CommunityState, shareBusCurrents } from "./community.ts";
import { isHeld } from "./converter-faults.ts";
import { holdVoltage, raiseVoltage, takeVoltageOver, voltageReferenceOf } from "./dc-bus.ts";
import { settleByHand, settleElsewhere } from "./events.ts";
import type { Departure } from "./ledger.ts";
import type { Observer } from "./observer.ts";
import { settleDarknessOf } from "./outage-state.ts";
import { moveSnapshot, type Snapshot } from "./snapshot.ts";
import type { ConverterMode, UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/** What may be changed of a unit; what is left out stays as it is. All values must be checked before. */
export interface UnitChange {
  readonly stateOfChargePercent?: number;
  /** Holds until the next point of the solar series [W]. */
  readonly solarPowerW?: number;
  /** Holds until the next point of the demand series [W]. */
  readonly demandPowerW?: number;
  readonly converterMode?: ConverterMode;
  readonly targetBusVoltageV?: number;
  readonly droopPercent?: number;
  readonly dcGridCurrentLimitA?: number;
}

/** Where and under what a command takes effect. */
export interface Moment {
  readonly timeS: number;
  readonly accelerationFactor: number;
  readonly world: World;
  readonly observer?: Observer;
}

/**
 * Changes one unit at the given moment, and with it what flows on the bus.
 * Returns the numbers of all units whose state this touched.
 */
export function changeUnit(
  community: CommunityState,
  unit: UnitState,
  change: UnitChange,
  moment: Moment,
): number[] {
  const { timeS, world, observer } = moment;
  commitUnit(unit, timeS, world, observer);
  setPowersByHand(unit, change);
  if (change.stateOfChargePercent !== undefined) setChargeByHand(unit, change.stateOfChargePercent, world);
  changeConverter(community, unit, change, moment);
  const shared = shareBusCurrents(community, timeS, world, observer);
  return settleTouched(community, shared.includes(unit.number) ? shared : [unit.number, ...shared], world);
}

/** What a command has changed of units' powers may darken their houses at once. Returns the units' numbers. */
function settleTouched({ units }: CommunityState, touched: number[], world: World): number[] {
  settleDarknessOf(units, touched, world);
  return touched;
}

function setPowersByHand(unit: UnitState, change: UnitChange): void {
  if (change.solarPowerW !== undefined) unit.heldSolarPowerW = change.solarPowerW;
  if (change.demandPowerW !== undefined) unit.heldDemandPowerW = change.demandPowerW;
}

function setChargeByHand(unit: UnitState, chargePercent: number, world: World): void {
  const stepPercent = chargePercent - unit.stateOfChargePercent;
  unit.today.setByHandWh += storedEnergyWh(stepPercent, world.homeOf(unit.number).batteryCapacityWh);
  unit.stateOfChargePercent = chargePercent;
  settleByHand(unit, world);
}

function changeConverter(
  community: CommunityState,
  unit: UnitState,
  change: UnitChange,
  moment: Moment,
): void {
  const wasAutonomous = unit.converterMode === "gridAutonomy";
  const takesMode = change.converterMode !== undefined && !isHeld(community, unit, moment.timeS);
  if (takesMode) unit.tripCause = "none";
  unit.converterMode = (takesMode && change.converterMode) || unit.converterMode;
  unit.targetBusVoltageV = change.targetBusVoltageV ?? unit.targetBusVoltageV;
  unit.droopPercent = change.droopPercent ?? unit.droopPercent;
  unit.dcGridCurrentLimitA = change.dcGridCurrentLimitA ?? unit.dcGridCurrentLimitA;
  const isAutonomous = unit.converterMode === "gridAutonomy";
  const { bus } = community;
  if (wasAutonomous && !isAutonomous) leaveAutonomy(community, unit, moment);
  if (isAutonomous && !wasAutonomous) bus.autonomyOrder.push(unit.number);
  if (voltageReferenceOf(bus) !== unit.number) return;
  if (takesMode) {
    raiseVoltage(bus, unit.targetBusVoltageV, moment.timeS, moment.accelerationFactor);
  } else if (change.targetBusVoltageV !== undefined) {
    holdVoltage(bus, unit.targetBusVoltageV, moment.timeS);
  }
}

/** When the reference leaves, the unit that entered before it holds the bus, or nobody does. */
export function leaveAutonomy(community: CommunityState, unit: UnitState, moment: Moment): void {
  const { bus } = community;
  const wasReference = voltageReferenceOf(bus) === unit.number;
  bus.autonomyOrder = bus.autonomyOrder.filter((number) => number !== unit.number);
  if (!wasReference) return;
  const voltageV = targetOfReference(community);
  if (voltageV === null) holdVoltage(bus, 0, moment.timeS);
  else takeVoltageOver(bus, voltageV, moment.timeS, moment.accelerationFactor);
}

/** What the reference asks for [V], or null without one. */
function targetOfReference({ bus, units }: CommunityState): number | null {
  const reference = voltageReferenceOf(bus);
  return reference === null ? null : (units[reference - 1] as UnitState).targetBusVoltageV;
}

/** Adds a unit, whose number must be the next one. Returns the numbers of all units touched. */
export function addUnit(community: CommunityState, unit: UnitState, moment: Moment): number[] {
  arrive(unit, moment);
  community.units.push(unit);
  settleByHand(unit, moment.world);
  if (unit.converterMode === "gridAutonomy") {
    community.bus.autonomyOrder.push(unit.number);
    raiseVoltage(community.bus, unit.targetBusVoltageV, moment.timeS, moment.accelerationFactor);
  }
  const shared = shareBusCurrents(community, moment.timeS, moment.world, moment.observer);
  const touched = shared.includes(unit.number) ? shared : [unit.number, ...shared];
  return settleTouched(community, touched, moment.world);
}

/** Removes the unit with the highest number. Returns its account, and the numbers of all remaining units touched. */
export function removeLastUnit(
  community: CommunityState,
  moment: Moment,
): { readonly touched: number[]; readonly departed: Departure[] } {
  const unit = community.units.at(-1);
  if (unit === undefined) return { touched: [], departed: [] };
  const departed = [depart(unit, moment)];
  community.units.pop();
  if (unit.converterMode === "gridAutonomy") leaveAutonomy(community, unit, moment);
  const touched = shareBusCurrents(community, moment.timeS, moment.world, moment.observer);
  return { touched: settleTouched(community, touched, moment.world), departed };
}

/** Puts `units` in the place of all that is there, whose accounts it returns. */
export function replaceUnits(community: CommunityState, units: UnitState[], moment: Moment): Departure[] {
  const departed = community.units.map((unit) => depart(unit, moment));
  for (const unit of units) arrive(unit, moment);
  beginWith(community, units, moment);
  return departed;
}

/**
 * Begins a community with `units`, whose charge was there before; nothing is left of what was. The bus is dead
 * unless one of them is in grid autonomy; then the one with the highest number holds it at its voltage.
 */
export function beginWith(community: CommunityState, units: UnitState[], moment: Moment): void {
  const { bus } = community;
  community.units = units;
  bus.autonomyOrder = units
    .filter((unit) => unit.converterMode === "gridAutonomy")
    .map((unit) => unit.number);
  holdVoltage(bus, targetOfReference(community) ?? 0, moment.timeS);
  for (const unit of units) settleByHand(unit, moment.world);
  settleTouched(
    community,
    shareBusCurrents(community, moment.timeS, moment.world, moment.observer),
    moment.world,
  );
}

/**
 * Puts the community of `snapshot` in the place of all that is there, whose accounts it returns, as it goes on from
 * now. Where the parameters of the UPS are others than then, it follows these.
 */
export function bringBack(community: CommunityState, snapshot: Snapshot, moment: Moment): Departure[] {
  const departed = community.units.map((unit) => depart(unit, moment));
  const { units, bus } = moveSnapshot(snapshot, moment.timeS);
  community.units = units;
  community.bus = bus;
  for (const unit of units) {
    // It went with what it had in the snapshot, and comes with that now.
    unit.finishedDays.setByHandWh -= storedIn(unit, moment.world);
    arrive(unit, moment);
    settleElsewhere(unit, { world: moment.world, byHand: false });
  }
  return departed;
}

/** Books what a unit brings with it. */
function arrive(unit: UnitState, { world }: Moment): void {
  unit.today.setByHandWh += storedIn(unit, world);
}

/** Books what a unit takes away with it, and gives its account of the day. */
function depart(unit: UnitState, { timeS, world, observer }: Moment): Departure {
  commitUnit(unit, timeS, world, observer);
  unit.today.setByHandWh -= storedIn(unit, world);
  return { number: unit.number, ledger: unit.today };
}

function storedIn({ number, stateOfChargePercent }: UnitState, world: World): number {
  return storedEnergyWh(stateOfChargePercent, world.homeOf(number).batteryCapacityWh);
}
