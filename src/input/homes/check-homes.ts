import { quote } from "../../notation/parameters.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { Config } from "../config/entries.ts";
import { specOf } from "./complete-home.ts";
import type { HomeSpec } from "./home-schema.ts";

/**
 * What is wrong with the homes of a configuration that its parts do not show alone, a line each: percentages that are in no order
 * with one another and with the thresholds of the UPS, and homes of the data that there are not.
 */
export function findHomesFaults(config: Config, homesOfData = Number.POSITIVE_INFINITY): string[] {
  const { homes } = config;
  const faults = findFaults(homes.default, "default", config, homesOfData);
  homes.homes.forEach((own, index) => {
    const place = `homes[${index}] (${own.id === undefined ? formatUnitId(index + 1) : quote(own.id)})`;
    // What stands for all homes is named once.
    const all = findFaults(specOf(config, index + 1), "", config, homesOfData);
    const ofAll = findFaults(homes.default, "", config, homesOfData);
    for (const fault of all) if (!ofAll.includes(fault)) faults.push(`${place}${fault}`);
  });
  return faults;
}

function findFaults(
  { battery = {}, ups = {}, data = {} }: HomeSpec,
  place: string,
  { UPS_TRIGGER_BATT_OFF: offPercent, UPS_TRIGGER_BATT_ON: onPercent }: Config,
  homesOfData: number,
): string[] {
  const { floorPercent = 0, ceilingPercent = 100, initialPercent } = battery;
  const { restartPercent } = ups;
  const faults: string[] = [];
  const expect = (isRight: boolean, field: string, given: number | undefined, allowed: string) => {
    if (!isRight) faults.push(`${place}: ${field} is ${given}; allowed: ${allowed}`);
  };
  const range = `from floorPercent, ${floorPercent}, to ceilingPercent, ${ceilingPercent}`;
  expect(
    floorPercent < ceilingPercent,
    "battery.floorPercent",
    floorPercent,
    `below ceilingPercent, ${ceilingPercent}`,
  );
  expect(
    floorPercent === 0 || Math.max(floorPercent, offPercent) < onPercent,
    "battery.floorPercent",
    floorPercent,
    `below UPS_TRIGGER_BATT_ON, ${onPercent}, and UPS_TRIGGER_BATT_OFF, ${offPercent}, below that too`,
  );
  expect(
    ceilingPercent === 100 || ceilingPercent >= onPercent,
    "battery.ceilingPercent",
    ceilingPercent,
    `from UPS_TRIGGER_BATT_ON, ${onPercent}, on`,
  );
  expect(
    initialPercent === undefined || (initialPercent >= floorPercent && initialPercent <= ceilingPercent),
    "battery.initialPercent",
    initialPercent,
    range,
  );
  expect(
    restartPercent === undefined || (restartPercent > floorPercent && restartPercent <= ceilingPercent),
    "ups.restartPercent",
    restartPercent,
    `above floorPercent, ${floorPercent}, up to ceilingPercent, ${ceilingPercent}`,
  );
  for (const name of ["demandHome", "pvHome"] as const)
    expect(
      (data[name] ?? 1) <= homesOfData,
      `data.${name}`,
      data[name],
      `1 to ${homesOfData}, the homes of the data`,
    );
  return faults;
}
