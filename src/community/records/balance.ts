import type { Config } from "../../input/config/entries.ts";
import { batteryCapacityWh } from "../../input/homes/complete-home.ts";
import { storedEnergyWh } from "../../simulation/battery.ts";
import {
  addLedger,
  balanceResidualWh,
  createLedger,
  type Ledger,
  unexplainedWh,
} from "../../simulation/ledger.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { DayRecord, RecordStorage } from "./record-storage.ts";
import { readAccounts } from "./summary.ts";
import { readCharges } from "./unit-record.ts";

/** Energy that all units stored at a day's end [Wh]. */
export function storedAtEndWh({ units }: DayRecord, config: Config): number {
  return readCharges(units).reduce(
    (sum, charge, index) => sum + storedEnergyWh(charge, batteryCapacityWh(config, index + 1)),
    0,
  );
}

/**
 * What is missing in `account` [Wh], zero but for rounding: that its flows do not balance, or that what was stored did
 * not change by what it tells; without `storedChangeWh` the flows alone.
 */
export function missingWh(account: Ledger, storedChangeWh: number | null): number {
  const flows = Math.abs(balanceResidualWh(account));
  return storedChangeWh === null ? flows : Math.max(flows, Math.abs(unexplainedWh(storedChangeWh, account)));
}

/** A run up to now: its units when it began and as they are, and the energies of each since midnight. */
interface RunBalance {
  readonly began: readonly UnitReading[];
  readonly last: readonly UnitReading[];
  readonly today: readonly Ledger[];
}

/** The most that is missing in the accounts of any unit number over a whole run [Wh]; its finished days are recorded. */
export function missingInRunWh(storage: RecordStorage, { began, last, today }: RunBalance): number {
  const accounts = Array.from({ length: storage.highestUnitNumber() }, createLedger);
  const add = (number: number, ledger: Ledger) => addLedger(accounts[number - 1] as Ledger, ledger);
  let day = 0;
  for (const finished of storage.readDays(0, Number.MAX_SAFE_INTEGER)) {
    readAccounts(finished).forEach((account, index) => {
      add(index + 1, account);
    });
    day = finished.day + 1;
  }
  for (; day * secondsPerDay <= (last[0]?.timeS ?? 0); day++) {
    for (const { number, ledger } of storage.readDeparted(day)) add(number, ledger);
  }
  last.forEach(({ number }, index) => {
    add(number, today[index] as Ledger);
  });
  const storedWh = (unit: UnitReading | undefined) =>
    unit === undefined ? 0 : storedEnergyWh(unit.stateOfChargePercent, unit.batteryCapacityWh);
  const missing = accounts.map((account, i) => missingWh(account, storedWh(last[i]) - storedWh(began[i])));
  return Math.max(0, ...missing);
}
