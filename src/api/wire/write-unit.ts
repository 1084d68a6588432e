import type { Config } from "../../input/config/entries.ts";
import { batteryOf, converterOf } from "../../input/homes/complete-home.ts";
import {
  type ConverterCode,
  converterCodes,
  tripAlarms,
  upsModeCodes,
} from "../../input/units/unit-codes.ts";
import type { ConverterJson, EmuJson, UnitJson } from "../../input/units/unit-json.ts";
import { definedOf } from "../../notation/parameters.ts";
import { roundToHundredths, roundToWhole } from "../../notation/rounding.ts";
import { type CalendarTime, formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { servedPowerOf } from "../../simulation/book.ts";
import type { UnitReading } from "../../simulation/reading.ts";

/**
 * Writes a reading as APIS names it. What nothing in the emulation moves (frequency, alarm, addresses …)
 * comes from `template`, the unit's JSON in the file that it was made from. `alarmNumber` is what a fault was told that tripped it.
 */
export function writeUnit(
  reading: UnitReading,
  template: UnitJson,
  config: Config,
  alarmNumber: string | null = null,
): UnitJson {
  const now = toCalendar(config.startTime, reading.timeS);
  return {
    emu: writeEmu(reading, template.emu, now, config),
    dcdc: writeConverter(reading, template.dcdc, config, alarmNumber),
    oesunit: template.oesunit,
    time: formatCalendar(now),
  };
}

function writeEmu(reading: UnitReading, template: EmuJson, now: CalendarTime, config: Config): EmuJson {
  const { batteryPowerW, batteryVoltageV, solarPowerW } = reading;
  const servedPowerW = servedPowerOf(reading);
  const rsoc = roundToHundredths(reading.stateOfChargePercent);
  const { year, month, day, hour, minute } = now;
  return {
    charge_discharge_power: roundToHundredths(Math.abs(batteryPowerW)),
    system_time: { year, month, day, hour, minute },
    rsoc,
    battery_rsoc: rsoc,
    battery_voltage: batteryVoltageV,
    battery_current: roundToHundredths(batteryPowerW / batteryVoltageV),
    pvc_charge_voltage: batteryVoltageV,
    pvc_charge_current: roundToHundredths(solarPowerW / batteryVoltageV),
    pvc_charge_power: roundToHundredths(solarPowerW),
    ups_input_voltage: template.ups_input_voltage,
    ups_output_voltage: template.ups_output_voltage,
    ups_output_current: roundToHundredths(servedPowerW / template.ups_output_voltage),
    ups_output_power: roundToHundredths(servedPowerW),
    ups_output_frequency: template.ups_output_frequency,
    ups_operation_mode: {
      ...template.ups_operation_mode,
      parameter: roundToHundredths(servedByAcPercent(reading)),
      mode: upsModeCodes[reading.upsMode],
    },
    ups_operation_schedule: template.ups_operation_schedule,
    dischargeable_time: writeDischargeableTime(reading, config),
  };
}

/** The share of what the house takes that comes from AC [%]. */
function servedByAcPercent({ upsMode, shortfallPowerW, demandPowerW }: UnitReading): number {
  if (upsMode === "bypass") return 100;
  return demandPowerW > 0 ? 100 * Math.min(1, shortfallPowerW / demandPowerW) : 0;
}

/** How long the battery lasts at its present power, until the UPS goes into bypass or, in an outage, down to its floor. */
function writeDischargeableTime(
  { number, outage, stateOfChargePercent, batteryCapacityWh, batteryPowerW }: UnitReading,
  config: Config,
): { hour: number; minute: number } {
  const { floorPercent = 0, dischargeEfficiency = 1, selfDischargeW = 0 } = batteryOf(config, number);
  const lowestPercent =
    outage === "none" ? Math.max(config.UPS_TRIGGER_BATT_OFF, floorPercent) : floorPercent;
  const abovePercent = stateOfChargePercent - lowestPercent;
  if (abovePercent <= 0 || roundToHundredths(batteryPowerW) >= 0) return { hour: 0, minute: 0 };
  const takenW = selfDischargeW - batteryPowerW / dischargeEfficiency;
  const minutes = Math.floor(((abovePercent / 100) * batteryCapacityWh * 60) / takenW);
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 };
}

function writeConverter(
  reading: UnitReading,
  template: ConverterJson,
  config: Config,
  alarmNumber: string | null,
): ConverterJson {
  const code: ConverterCode = converterCodes[reading.converterMode];
  const wb = reading.dcGridPowerW - reading.converterLossPowerW;
  return {
    status: {
      status: code,
      statusName: config.modes[code] as string,
      ...writeAlarm(reading, template.status, alarmNumber),
      runningState: config.modesRunning[code] as string,
      operationMode: config.modesOps[code] as string,
    },
    powermeter: writePowermeter(reading, template.powermeter.v1),
    meter: {
      vg: reading.busRamping ? Math.floor(reading.busVoltageV) : reading.busVoltageV,
      ig: roundToHundredths(reading.dcGridCurrentA),
      wg: roundToHundredths(reading.dcGridPowerW),
      vb: reading.batteryVoltageV,
      ib: roundToHundredths(wb / reading.batteryVoltageV),
      wb: roundToHundredths(wb),
      tmp: template.meter.tmp,
    },
    vdis: { dvg: reading.targetBusVoltageV, drg: reading.droopPercent },
    param: {
      ...template.param,
      ...writeTripLimits(config, reading.number),
      dig: reading.dcGridCurrentLimitA,
    },
  };
}

/** What the converter of a home trips at, as far as its file says it. */
function writeTripLimits(config: Config, number: number): Partial<ConverterJson["param"]> {
  const {
    gridOvervoltageV,
    gridUndervoltageV,
    batteryOvercurrentA,
    batteryOvervoltageV,
    batteryUndervoltageV,
  } = converterOf(config, number);
  return definedOf({
    ogv: gridOvervoltageV,
    ugv: gridUndervoltageV,
    cib: batteryOvercurrentA,
    obv: batteryOvervoltageV,
    ubv: batteryUndervoltageV,
  });
}

/** That of a converter that was protected, else what stands in the file that the unit was made from. */
function writeAlarm(
  { tripCause }: UnitReading,
  { alarm, alarmState }: ConverterJson["status"],
  alarmNumber: string | null,
): Pick<ConverterJson["status"], "alarm" | "alarmState"> {
  if (tripCause === "none") return { alarm, alarmState };
  return {
    alarm: alarmNumber ?? tripAlarms[tripCause],
    alarmState: tripCause === "heavyFault" ? "Heavy alarm" : "Light alarm",
  };
}

function writePowermeter(reading: UnitReading, v1: number): ConverterJson["powermeter"] {
  const intakeW = roundToWhole(reading.acIntakePowerW);
  const kilowattHours = roundToHundredths(reading.ledger.acIntakeWh / 1000);
  return {
    p1: intakeW,
    p2: intakeW,
    v1,
    i1: roundToHundredths(reading.acIntakePowerW / v1),
    kwh1: kilowattHours,
    kwh2: kilowattHours,
    ...(reading.mayExport && { p3: roundToWhole(reading.soldPowerW) }),
  };
}
