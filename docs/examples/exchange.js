/*
 * A strategy for a community of homes: who has more than 80 % gives 700 W to who has less than 50 %, until either comes to 60 %.
 * There are always as many who give as who take; one of those who give holds the bus at 350 V, and so carries what the others
 * leave: 2 A too. Nothing is remembered: who gives and who takes shows in the modes of the converters. Commands come in an order
 * in which no converter asks for what its home cannot give or take, so that with `protection = on` none is tripped.
 *
 *   npm run --silent simulate -- --strategy docs/examples/exchange.js --units 19 --hours 8760 …
 */

const givesAbovePercent = 80;
const takesBelowPercent = 50;
const stopsAtPercent = 60;
/** 700 W. */
const busVoltageV = 350;
const currentA = 2;

/** Codes of a converter's modes as they are commanded, and as they are observed. */
const waiting = "0x0000";
const discharging = "0x0002";
const autonomous = "0x0014";
const charging = "0x0041";

/** What has to be seen of each home to decide. */
export const observe = ["stateOfChargePercent", "converterMode"];

/** The step to take, as `community.step` takes it: `simulate --strategy` asks before each. */
export default function exchange(community) {
  const seen = community.observe(observe);
  return { actions: decide(community.units, seen.stateOfChargePercent, seen.converterMode), seconds: 900 };
}

/** What to do now, given the charge of each of `units` [%] and the mode of its converter. */
export function decide(units, chargePercent, mode) {
  const homes = units.map((unit, index) => ({
    unit,
    charge: chargePercent[index],
    mode: `0x${mode[index].toString(16).padStart(4, "0")}`,
  }));
  const gives = (home) => home.mode === autonomous || home.mode === discharging;
  const takes = (home) => home.mode === charging;
  // Who is at it goes on before others begin; of these the fullest and the emptiest come first.
  const givers = homes
    .filter((home) => home.charge > (gives(home) ? stopsAtPercent : givesAbovePercent))
    .sort((a, b) => gives(b) - gives(a) || b.charge - a.charge);
  const takers = homes
    .filter((home) => home.charge < (takes(home) ? stopsAtPercent : takesBelowPercent))
    .sort((a, b) => takes(b) - takes(a) || a.charge - b.charge);
  const pairs = Math.min(givers.length, takers.length);
  const giving = givers.slice(0, pairs);
  const taking = takers.slice(0, pairs);
  const reference = giving.find((home) => home.mode === autonomous) ?? giving[0];

  const wantedOf = (home) => {
    if (home === reference) return autonomous;
    if (giving.includes(home)) return discharging;
    return taking.includes(home) ? charging : waiting;
  };

  const actions = [];
  const change = (home) => {
    const wanted = wantedOf(home);
    if (home.mode === wanted) return;
    actions.push({
      unit: home.unit,
      set: { mode: wanted, dvg: busVoltageV, dig: wanted === waiting ? 0 : currentA },
    });
  };
  // Who holds the bus is there before the one before goes, which goes last. The reference carries what others leave, so the order is
  // such that it never has to take and gives little more than one taker needs; else its converter might be protected.
  if (reference !== undefined) change(reference);
  const others = homes.filter((home) => home !== reference);
  let carried = others.reduce((sum, home) => sum + takersOf(home.mode), 0);
  const effectOf = (home) => takersOf(wantedOf(home)) - takersOf(home.mode);
  const changing = others.filter((home) => home.mode !== wantedOf(home));
  const more = changing.filter((home) => effectOf(home) > 0);
  const less = changing.filter((home) => effectOf(home) <= 0);
  less.sort((a, b) => (a.mode === autonomous) - (b.mode === autonomous));
  while (more.length + less.length > 0) {
    const from = more.length === 0 || (less.length > 0 && carried > 1) ? less : more;
    const home = from.shift();
    carried += effectOf(home);
    change(home);
  }
  return actions;
}

/** How many takers more the reference carries for a home in this mode. */
function takersOf(mode) {
  if (mode === charging) return 1;
  return mode === discharging ? -1 : 0;
}
