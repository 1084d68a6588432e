/**
 * Why a converter was protected. `cannotGive` and `cannotTake`: it asked what its home cannot give or take; `imax`: it was
 * asked for more than its greatest current; the others are named as the limits that were passed, of which `ogv` and `ugv` are
 * of the bus, `cib`, `obv` and `ubv` of the battery. `fault` and `heavyFault`: a fault of the hardware tripped it, with a light
 * or a heavy alarm.
 */
export const tripCauses = [
  "cannotGive",
  "cannotTake",
  "imax",
  "ogv",
  "ugv",
  "cib",
  "obv",
  "ubv",
  "fault",
  "heavyFault",
] as const;

export type TripCause = (typeof tripCauses)[number];
