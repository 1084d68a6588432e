import { cos, sin } from "../sample-data/exact-math.ts";
import { extraterrestrialWPerM2, type SunDirection } from "../sample-data/sun.ts";
import type { Panels } from "./homes.ts";

/** Share of the ground's reflection. */
const albedo = 0.2;
/** Below this sine of the sun's height (3°) all light counts as diffuse: there the beam is divided by almost nothing. */
const leastSineForBeam = 0.052;
/** Temperature of cells at 800 W/m² and 20 °C [°C]. */
const nominalCellTemperatureC = 45;
/** Power that a degree above 25 °C takes. */
const lossPerK = 0.004;
/** What is left after dust, wires and the controller: the published emulator's `pr`. */
const performanceRatio = 0.9;

/** Light on a level surface, split [W/m²]. */
interface SplitLight {
  readonly global: number;
  readonly diffuse: number;
  /** On a surface that faces the sun. */
  readonly beamNormal: number;
}

/**
 * Splits global horizontal irradiance into beam and diffuse by its share of that outside the atmosphere: Erbs, Klein and
 * Duffie, "Estimation of the diffuse radiation fraction for hourly, daily and monthly-average global radiation", Solar Energy
 * 28 (1982) 293–302.
 */
export function splitLight(global: number, sun: SunDirection, dayOfYear: number): SplitLight {
  if (global === 0 || sun.up < leastSineForBeam) return { global, diffuse: global, beamNormal: 0 };
  const diffuse = global * diffuseShare(global / (extraterrestrialWPerM2(dayOfYear) * sun.up));
  return { global, diffuse, beamNormal: (global - diffuse) / sun.up };
}

/** @param k global horizontal irradiance over that outside the atmosphere */
export function diffuseShare(k: number): number {
  if (k <= 0.22) return 1 - 0.09 * k;
  if (k > 0.8) return 0.165;
  return 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)));
}

/**
 * Irradiance on panels [W/m²] under an isotropic sky: Liu and Jordan, "The long-term average performance of flat-plate
 * solar-energy collectors", Solar Energy 7 (1963) 53–74.
 */
export function onPanelsWPerM2(light: SplitLight, sun: SunDirection, panels: Panels): number {
  const tilt = (panels.tiltDeg * Math.PI) / 180;
  const azimuth = (panels.azimuthDeg * Math.PI) / 180;
  const facing = sun.up * cos(tilt) + sin(tilt) * (sun.north * cos(azimuth) + sun.east * sin(azimuth));
  return (
    light.beamNormal * Math.max(0, facing) +
    (light.diffuse * (1 + cos(tilt))) / 2 +
    (light.global * albedo * (1 - cos(tilt))) / 2
  );
}

/**
 * Power of panels [W]: cells warm with the light by their nominal temperature, and give less the warmer they are (Evans,
 * "Simplified method for predicting photovoltaic array output", Solar Energy 27 (1981) 555–560).
 */
export function panelPowerW(onPanelsWPerM2: number, airC: number, peakW: number): number {
  const cellC = airC + ((nominalCellTemperatureC - 20) / 800) * onPanelsWPerM2;
  return (peakW * performanceRatio * onPanelsWPerM2 * (1 - lossPerK * (cellC - 25))) / 1000;
}
