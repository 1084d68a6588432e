/** Northern Okinawa. */
const latitudeRad = (26.7 * Math.PI) / 180;
const longitudeDeg = 128.2;
/** Meridian of Japan Standard Time. */
const standardLongitudeDeg = 135;

/**
 * Sine of the sun's height at a clock hour, below 0 at night. Declination and equation of time after
 * Spencer, "Fourier series representation of the position of the sun", Search 2 (1971) 172.
 */
export function sineOfSunHeight(dayOfYear: number, clockHour: number): number {
  const b = (2 * Math.PI * (dayOfYear - 1)) / 365;
  const declination =
    0.006918 -
    0.399912 * Math.cos(b) +
    0.070257 * Math.sin(b) -
    0.006758 * Math.cos(2 * b) +
    0.000907 * Math.sin(2 * b) -
    0.002697 * Math.cos(3 * b) +
    0.00148 * Math.sin(3 * b);
  const hourAngle = ((solarHour(b, clockHour) - 12) * Math.PI) / 12;
  return (
    Math.sin(latitudeRad) * Math.sin(declination) +
    Math.cos(latitudeRad) * Math.cos(declination) * Math.cos(hourAngle)
  );
}

function solarHour(b: number, clockHour: number): number {
  const equationOfTimeMin =
    229.18 *
    (0.000075 +
      0.001868 * Math.cos(b) -
      0.032077 * Math.sin(b) -
      0.014615 * Math.cos(2 * b) -
      0.040849 * Math.sin(2 * b));
  return clockHour + (4 * (longitudeDeg - standardLongitudeDeg) + equationOfTimeMin) / 60;
}

/**
 * Global horizontal irradiance [W/m²] under a clear sky: Haurwitz, "Insolation in relation to cloudiness
 * and cloud density", Journal of Meteorology 2 (1945) 154–166.
 */
export function clearSkyWPerM2(sineOfHeight: number): number {
  return sineOfHeight <= 0 ? 0 : 1098 * sineOfHeight * Math.exp(-0.059 / sineOfHeight);
}
