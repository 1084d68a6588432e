import Papa from "papaparse";
import { expect, onTestFinished, test } from "vitest";
import type { CommunityJson } from "../../src/api/wire/community-json.ts";
import type { Results } from "../../src/community/records/results.ts";
import { startLocalServer } from "../support/local-server.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

test("R32: what an outage did is told alike by /summary, its CSV, /results, /metrics, /state and /events", async () => {
  const outages = JSON.stringify([{ from: 3600, until: 60_000 }]);
  const server = await startLocalServer({ units: 3, acceleration: 0, args: ["--set", `outages=${outages}`] });
  onTestFinished(() => server.stop());
  const text = async (path: string) => (await fetch(`${server.url}${path}`)).text();
  await text("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await text("/time/step?seconds=600");
  await text("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  await text("/set/emu/E003?rsoc=2");
  await text("/time/until?time=30000");
  const { units } = JSON.parse(await text("/state")) as CommunityJson;
  const metrics = await text("/metrics");
  const metric = (name: string) =>
    units.map(({ id }) => Number(new RegExp(`^${name}\\{unit="${id}"\\} (\\S+)$`, "m").exec(metrics)?.[1]));
  expect(metric("apis_unit_dark")).toEqual(units.map(({ outage }) => (outage === "dark" ? 1 : 0)));
  expect(sum(metric("apis_unit_dark"))).toBeGreaterThan(0);
  expect(metric("apis_unit_unserved_watts").map(Math.round)).toEqual(
    units.map(({ unservedPowerW }) => Math.round(unservedPowerW)),
  );
  const { total } = JSON.parse(await text("/results?by=span&from=0&to=30000")) as Results;
  const { energies } = total;
  expect(energies.unservedWh).toBeGreaterThan(100);
  expect(energies.outageImportWh).toBeGreaterThan(100);
  expect(sum(metric("apis_unit_unserved_wh_total"))).toBeCloseTo(energies.unservedWh, 1);
  expect(sum(metric("apis_unit_unserved_seconds_total"))).toBeCloseTo(energies.unservedS, 0);
  expect(sum(metric("apis_unit_outage_import_wh_total"))).toBeCloseTo(energies.outageImportWh, 1);
  expect(sum(metric("apis_unit_dark_total"))).toBe(energies.timesDark);
  const { events } = JSON.parse(await text("/events?from=0&to=30000&kind=dark")) as { events: unknown[] };
  expect(events).toHaveLength(energies.timesDark);
  await text("/time/until?time=90000");
  const { rows } = JSON.parse(await text("/summary")) as { rows: Record<string, number>[] };
  const [day = {}] = rows;
  const csv = await text("/data/output/summary.csv");
  const [written = {}] = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
  const whole = (JSON.parse(await text("/results?by=span&from=0&to=86400")) as Results).total.energies;
  for (const [column, told] of [
    ["unserved", whole.unservedWh],
    ["unserved_minutes", whole.unservedS / 60],
    ["times_dark", whole.timesDark],
    ["wg_outage", whole.outageImportWh],
  ] as const) {
    expect(day[column], column).toBeGreaterThan(0);
    expect(Number(written[column]), column).toBeCloseTo(day[column] as number, 2);
    expect(told, column).toBeCloseTo(day[column] as number, 2);
  }
});
