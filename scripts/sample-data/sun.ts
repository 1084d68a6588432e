import { cos, exp, sin } from "./exact-math.ts";

/** Northern Okinawa. */
const latitudeRad = (26.7 * Math.PI) / 180;
const longitudeDeg = 128.2;
/** Meridian of Japan Standard Time. */
const standardLongitudeDeg = 135;

/** Where the sun stands: the parts of the unit vector to it; `up` is the sine of its height, below 0 at night. */
export interface SunDirection {
  readonly east: number;
  readonly north: number;
  readonly up: number;
}

/**
 * The direction to the sun at a clock hour. Declination and equation of time after Spencer, "Fourier series representation of
 * the position of the sun", Search 2 (1971) 172.
 */
export function sunDirection(dayOfYear: number, clockHour: number): SunDirection {
  const b = dayAngle(dayOfYear);
  const declination =
    0.006918 -
    0.399912 * cos(b) +
    0.070257 * sin(b) -
    0.006758 * cos(2 * b) +
    0.000907 * sin(2 * b) -
    0.002697 * cos(3 * b) +
    0.00148 * sin(3 * b);
  const hourAngle = ((solarHour(b, clockHour) - 12) * Math.PI) / 12;
  return {
    east: -cos(declination) * sin(hourAngle),
    north: cos(latitudeRad) * sin(declination) - sin(latitudeRad) * cos(declination) * cos(hourAngle),
    up: sin(latitudeRad) * sin(declination) + cos(latitudeRad) * cos(declination) * cos(hourAngle),
  };
}

/** Sine of the sun's height at a clock hour, below 0 at night. */
export function sineOfSunHeight(dayOfYear: number, clockHour: number): number {
  return sunDirection(dayOfYear, clockHour).up;
}

/** Irradiance outside the atmosphere on a surface that faces the sun [W/m²]; eccentricity after Spencer (1971). */
export function extraterrestrialWPerM2(dayOfYear: number): number {
  const b = dayAngle(dayOfYear);
  const eccentricity =
    1.00011 + 0.034221 * cos(b) + 0.00128 * sin(b) + 0.000719 * cos(2 * b) + 0.000077 * sin(2 * b);
  return 1367 * eccentricity;
}

function dayAngle(dayOfYear: number): number {
  return (2 * Math.PI * (dayOfYear - 1)) / 365;
}

function solarHour(b: number, clockHour: number): number {
  const equationOfTimeMin =
    229.18 *
    (0.000075 + 0.001868 * cos(b) - 0.032077 * sin(b) - 0.014615 * cos(2 * b) - 0.040849 * sin(2 * b));
  return clockHour + (4 * (longitudeDeg - standardLongitudeDeg) + equationOfTimeMin) / 60;
}

/**
 * Global horizontal irradiance [W/m²] under a clear sky: Haurwitz, "Insolation in relation to cloudiness
 * and cloud density", Journal of Meteorology 2 (1945) 154–166.
 */
export function clearSkyWPerM2(sineOfHeight: number): number {
  return sineOfHeight <= 0 ? 0 : 1098 * sineOfHeight * exp(-0.059 / sineOfHeight);
}
