import { release } from "../../notation/release.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { type Ledger, pvWh } from "../../simulation/ledger.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import { isDark } from "../../simulation/unit.ts";
import type { Progress } from "../storage/stored-shapes.ts";
import type { Metric } from "./prometheus-text.ts";

/** What a community uses of its object. */
export interface StorageUse {
  readonly storageBytes: number;
  /** Since the object woke, as they are billed. */
  readonly rowsWritten: number;
  readonly screens: number;
}

/** How a community stands when its metrics are asked for. */
interface CommunityStatus extends StorageUse {
  readonly simulatedTimeS: number;
  /** Simulated time that had not been computed yet when the request came. */
  readonly lagS: number;
  readonly accelerationFactor: number;
  readonly answerS: number;
  readonly advancedSegments: number;
  readonly trips: number;
  readonly units: number;
  /** Of each unit; of none while simulated time is not computed to the present. */
  readonly readings: readonly UnitReading[];
  /** How far a database has been told, or null if it never was. */
  readonly progress: Progress | null;
}

/** The community's metrics; those of each unit only if `perUnit`. */
export function* describeCommunityMetrics(status: CommunityStatus, perUnit: boolean): Iterable<Metric> {
  const { progress, readings } = status;
  yield* [
    {
      name: "apis_build_info",
      type: "gauge",
      help: "The release that answers.",
      samples: [{ labels: { version: release }, value: 1 }],
    },
    counter(
      "apis_answer_seconds_total",
      "Time spent on passing simulated time and answering since the object woke.",
      status.answerS,
    ),
    counter(
      "apis_advance_segments_total",
      "Segments of constant conditions that were advanced since the object woke.",
      status.advancedSegments,
    ),
    counter("apis_trips_total", "Converters that were protected since the object woke.", status.trips),
    gauge(
      "apis_simulated_time_seconds",
      "Simulated time since the start of the data.",
      status.simulatedTimeS,
    ),
    gauge("apis_simulated_lag_seconds", "Simulated time not computed before this request.", status.lagS),
    gauge("apis_acceleration", "Simulated seconds per sleeptime.", status.accelerationFactor),
    gauge("apis_units", "Units of the community.", status.units),
    gauge("apis_storage_bytes", "Size of the community's storage.", status.storageBytes),
    counter("apis_rows_written_total", "Rows written since the object woke.", status.rowsWritten),
    gauge("apis_screens", "Open screens.", status.screens),
    counter("apis_database_readings_total", "Readings sent to the database.", progress?.sentReadings ?? 0),
    counter(
      "apis_database_dropped_total",
      "Readings never sent since the database was too far behind.",
      progress?.droppedReadings ?? 0,
    ),
  ] satisfies Metric[];
  if (perUnit) yield* describeUnits(readings);
}

/** Each is made when it is asked for: of many homes there are many numbers. */
function* describeUnits(readings: readonly UnitReading[]): Iterable<Metric> {
  const sample = (read: (reading: UnitReading) => number) =>
    readings.map((reading) => ({ labels: { unit: formatUnitId(reading.number) }, value: read(reading) }));
  const each = (name: string, help: string, read: (reading: UnitReading) => number): Metric => {
    return { name, type: "gauge", help, samples: sample(read) };
  };
  const energy = (name: string, help: string, read: (energies: Ledger) => number): Metric => {
    return { name, type: "counter", help, samples: sample(({ ledger }) => toCount(read(ledger))) };
  };
  yield each("apis_unit_state_of_charge_percent", "Charge.", (unit) => unit.stateOfChargePercent);
  yield each("apis_unit_battery_watts", "Power into the battery.", (unit) => unit.batteryPowerW);
  yield each("apis_unit_solar_watts", "Power of the panels.", (unit) => unit.solarPowerW);
  yield each("apis_unit_demand_watts", "Power of the home.", (unit) => unit.demandPowerW);
  yield each("apis_unit_ac_intake_watts", "Power from the AC grid.", (unit) => unit.acIntakePowerW);
  yield each("apis_unit_grid_watts", "Power from the DC grid.", (unit) => unit.dcGridPowerW);
  yield each("apis_unit_tripped", "1 while the unit's converter is protected, else 0.", (unit) =>
    unit.tripCause === "none" ? 0 : 1,
  );
  yield energy("apis_unit_solar_wh_total", "Energy of the panels.", pvWh);
  yield energy(
    "apis_unit_curtailed_wh_total",
    "Sun that a full battery held back.",
    (of) => of.curtailedSolarWh,
  );
  yield energy("apis_unit_demand_wh_total", "Energy of the home.", (of) => of.demandWh);
  yield energy("apis_unit_ac_intake_wh_total", "Energy from the AC grid.", (of) => of.acIntakeWh);
  yield energy("apis_unit_from_dc_grid_wh_total", "Energy from the DC grid.", (of) => of.fromDcGridWh);
  yield energy("apis_unit_to_dc_grid_wh_total", "Energy to the DC grid.", (of) => of.toDcGridWh);
  yield energy("apis_unit_ac_loss_wh_total", "Losses on the AC side.", (of) => of.acLossWh);
  yield energy("apis_unit_dc_loss_wh_total", "Losses on the DC side.", (of) => of.dcLossWh);
  yield energy(
    "apis_unit_clipped_wh_total",
    "Sun that a PV charge controller could not take.",
    (of) => of.clippedSolarWh,
  );
  yield energy("apis_unit_sold_wh_total", "Energy to the AC grid.", (of) => of.soldWh);
  yield energy("apis_unit_battery_loss_wh_total", "Losses in the battery.", (of) => of.batteryLossWh);
  yield energy("apis_unit_unserved_wh_total", "Demand that nobody served.", (of) => of.unservedWh);
  yield energy(
    "apis_unit_unserved_seconds_total",
    "Simulated time with demand that nobody served.",
    (of) => of.unservedS,
  );
  yield energy("apis_unit_dark_total", "How often the house went dark.", (of) => of.timesDark);
  yield energy(
    "apis_unit_outage_import_wh_total",
    "Energy from the DC grid while the AC grid failed.",
    (of) => of.outageImportWh,
  );
  yield each("apis_unit_unserved_watts", "Demand that nobody serves.", (unit) => unit.unservedPowerW);
  yield each("apis_unit_dark", "1 while the house is dark in an outage.", (unit) => (isDark(unit) ? 1 : 0));
  yield each(
    "apis_unit_import_cost",
    "What the AC intake costs by the tariff.",
    ({ ledger }) => ledger.importCost,
  );
  yield each(
    "apis_unit_export_income",
    "What was sold brings in by the tariff.",
    ({ ledger }) => ledger.exportIncome,
  );
}

/** An energy in whole mWh, so that rounding never takes a counter back, which would be read as a restart. */
function toCount(energyWh: number): number {
  return Math.floor(energyWh * 1000 + 1e-6) / 1000;
}

const gauge = (name: string, help: string, value: number): Metric => {
  return { name, type: "gauge", help, samples: [{ value }] };
};
const counter = (name: string, help: string, value: number): Metric => {
  return { name, type: "counter", help, samples: [{ value }] };
};
