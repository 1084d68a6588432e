import { read } from "../live/api.ts";

let asked: Promise<number> | null = null;

/** Voltage of the batteries [V], one for the whole community and for good; 0 while it is not known. */
export function readBatteryVoltage(unit: string): Promise<number> {
  asked ??= read<{ battery_voltage: number }>(`/get/emu/${unit}`).then(
    (emu) => emu.battery_voltage,
    () => {
      asked = null;
      return 0;
    },
  );
  return asked;
}
