import type { DayRecord } from "../records/record-storage.ts";
import { packUnit, unitRecordLength } from "../records/unit-record.ts";
import { advanceUnit } from "../simulation/advance.ts";
import type { Ledger } from "../simulation/ledger.ts";
import type { Observer } from "../simulation/observer.ts";
import type { UnitState } from "../simulation/unit.ts";
import { secondsPerDay, type World } from "../simulation/world.ts";

/**
 * Passes the ends of the simulated days from `firstDay` on that lie up to `untilS`, and gives the record of
 * each, one at a time. Every unit that there is takes part, so no command may lie in between.
 */
export function* recordDays(
  units: readonly UnitState[],
  firstDay: number,
  untilS: number,
  world: World,
  observer: Observer,
): Generator<DayRecord> {
  for (let day = firstDay; (day + 1) * secondsPerDay <= untilS; day++) {
    const record = new Float64Array(units.length * unitRecordLength);
    units.forEach((unit, index) => {
      let energies = unit.today;
      const onDayEnd = (_: unknown, __: number, ledger: Readonly<Ledger>) => {
        energies = ledger;
      };
      advanceUnit(unit, (day + 1) * secondsPerDay, world, { ...observer, onDayEnd });
      packUnit(unit, energies, record, index * unitRecordLength);
    });
    yield { day, units: record };
  }
}
