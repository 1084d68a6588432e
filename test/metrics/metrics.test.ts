import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writePrometheusText } from "../../src/community/watching/prometheus-text.ts";
import { RequestCounts } from "../../src/community/watching/request-counts.ts";
import { atOnce } from "../../src/notation/in-parts.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";

/** Values by name and labels; anything that is no line of Prometheus' text format fails. */
function parse(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const typed = new Set<string>();
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.trimEnd().split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
    if (comment !== null) {
      if (comment[1] === "TYPE") {
        expect(typed.has(comment[2] as string), line).toBe(false);
        typed.add(comment[2] as string);
      }
      continue;
    }
    const sample =
      /^([a-z_]+)(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? (\S+)$/.exec(
        line,
      );
    expect(sample, line).not.toBeNull();
    const [, name, labels = "", value] = sample as unknown as string[];
    expect(typed.has((name as string).replace(/_(bucket|sum|count)$/, "")) || typed.has(name as string)).toBe(
      true,
    );
    expect(values.has(`${name}${labels}`), line).toBe(false);
    values.set(`${name}${labels}`, Number(value));
  }
  for (const value of values.values()) expect(Number.isNaN(value)).toBe(false);
  return values;
}

let server: LocalServer;
let folder: string;
const get = async (path: string) => (await fetch(server.url + path)).text();
const scrape = async () => parse(await get("/metrics"));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-metrics-"));
  server = await startLocalServer({ units: 3, acceleration: 1000, folder });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("M1: labels are escaped", () => {
  const samples = [{ labels: { a: 'say "x"\\\n' }, value: 1 }];
  const text = atOnce(writePrometheusText([{ name: "n", type: "gauge", help: "h", samples }]));
  expect(text).toBe('# HELP n h\n# TYPE n gauge\nn{a="say \\"x\\"\\\\\\n"} 1\n');
});

test("M2: a histogram's buckets count all that took at most so long", () => {
  const counts = new RequestCounts();
  for (const seconds of [0, 0.001, 0.002, 0.5, 20]) counts.add("log", { ok: true, json: "" }, seconds);
  const values = parse(atOnce(writePrometheusText(counts.describe())));
  const bucket = (le: string) => values.get(`apis_request_seconds_bucket{le="${le}"}`);
  expect(["0.001", "0.003", "0.3", "1", "3", "+Inf"].map(bucket)).toEqual([2, 3, 3, 4, 4, 5]);
  expect(values.get("apis_request_seconds_count")).toBe(5);
  expect(values.get("apis_request_seconds_sum")).toBeCloseTo(20.503, 9);
});

test("M3: requests and errors are counted, time, storage and units are shown", async () => {
  const before = await scrape();
  await get("/get/log");
  await get("/get/unit/E001");
  await get("/set/emu/E001?rsoc=42");
  await get("/set/emu/E001?rsoc=420");
  const after = await scrape();
  const gained = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0);
  for (const kind of ["log", "unit", "changeUnit", "refused", "metrics"])
    expect(gained(`apis_requests_total{kind="${kind}"}`), kind).toBe(1);
  expect(gained('apis_errors_total{code="invalid_parameter"}')).toBe(1);
  expect(after.get("apis_units")).toBe(3);
  expect(after.get("apis_acceleration")).toBe(1000);
  expect(after.get("apis_storage_bytes")).toBeGreaterThan(4096);
  expect(gained("apis_simulated_time_seconds")).toBeGreaterThan(0);
  expect(after.get('apis_unit_state_of_charge_percent{unit="E003"}')).toBeGreaterThan(0);
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
});

test("M3: the time that answers take and the segments that are passed are counted", async () => {
  const before = await scrape();
  await get("/set/acc/100000");
  // A simulated day has passed then, whose end is the end of a segment of each unit.
  while (((await scrape()).get("apis_simulated_time_seconds") as number) < 200_000);
  await get("/set/acc/1000");
  const after = await scrape();
  const gained = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0);
  expect(gained("apis_advance_segments_total")).toBeGreaterThanOrEqual(3);
  expect(gained("apis_answer_seconds_total")).toBeGreaterThan(0);
});

const energies = [
  "solar",
  "curtailed",
  "demand",
  "ac_intake",
  "from_dc_grid",
  "to_dc_grid",
  "ac_loss",
  "dc_loss",
];
const energyOf = (values: Map<string, number>, name: string, unit = "E001") =>
  values.get(`apis_unit_${name}_wh_total{unit="${unit}"}`) as number;

test("M4: energies of each unit are counters that go on over midnight and begin anew with a unit", async () => {
  await get("/set/acc/0");
  await get("/restart?clock=start");
  await get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  await get("/set/acc/60000");
  const dayS = 86_400;
  let last = await scrape();
  const timeOf = (values: Map<string, number>) => values.get("apis_simulated_time_seconds") as number;
  while (timeOf(last) < 2.5 * dayS) {
    const next = await scrape();
    for (const name of energies)
      expect(energyOf(next, name), name).toBeGreaterThanOrEqual(energyOf(last, name));
    last = next;
  }
  await get("/set/acc/0");
  const whole = await scrape();
  const history = JSON.parse(await get("/history?unit=E001&resolution=3600")) as {
    lengthS: number[];
    [name: string]: number[];
  };
  const wh = (name: string) =>
    history.lengthS.reduce((sum, length, i) => sum + ((history[name]?.[i] as number) * length) / 3600, 0);
  expect(energyOf(whole, "solar")).toBeCloseTo(wh("solarW"), 1);
  expect(energyOf(whole, "demand")).toBeCloseTo(wh("demandW"), 1);
  expect(energyOf(whole, "ac_intake")).toBeCloseTo(wh("acIntakeW"), 1);
  expect(energyOf(whole, "from_dc_grid") - energyOf(whole, "to_dc_grid")).toBeCloseTo(wh("gridW"), 1);
  expect(energyOf(whole, "to_dc_grid")).toBeGreaterThan(1000);
  await server.stop();
  server = await startLocalServer({ folder });
  const awakeAgain = await scrape();
  for (const name of energies) expect(energyOf(awakeAgain, name), name).toBe(energyOf(whole, name));
  await get("/restart");
  expect(energyOf(await scrape(), "demand")).toBe(0);
});
