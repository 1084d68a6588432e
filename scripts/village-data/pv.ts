import { type SunDirection, sunDirection } from "../sample-data/sun.ts";
import type { VillageHome } from "./homes.ts";
import { onPanelsWPerM2, panelPowerW, splitLight } from "./panels.ts";
import { pointsPerDay, villageCalendar } from "./village.ts";
import { type DayWeather, temperatureAtC } from "./weather.ts";

const suns: SunDirection[][] = villageCalendar.map(({ dayOfYear }) =>
  Array.from({ length: pointsPerDay }, (_, point) => sunDirection(dayOfYear, point / 2)),
);

/** PV power of a home on a day at each half hour from 0:00 [W], whole. */
export function pvOfDayW({ panels }: VillageHome, day: number, weather: DayWeather): number[] {
  const { dayOfYear } = villageCalendar[day] as (typeof villageCalendar)[number];
  return weather.irradianceWPerM2.map((global, point) => {
    const sun = suns[day]?.[point] as SunDirection;
    const received = onPanelsWPerM2(splitLight(global, sun, dayOfYear), sun, panels);
    return Math.round(panelPowerW(received, temperatureAtC(weather, point / 2), panels.peakW));
  });
}
