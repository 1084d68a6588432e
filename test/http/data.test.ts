import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { combine } from "../../src/input/import/combine.ts";
import { importFile } from "../../src/input/import/import-files.ts";
import { importDefaults } from "../../src/input/import/import-options.ts";
import { writeReport } from "../../src/input/import/report.ts";
import { bringSample } from "../input/import-breaks.ts";
import { samples, textOf } from "../input/import-samples.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";

type File = readonly [name: string, content: string | Uint8Array];

const put = (to: TestEmulator, files: readonly File[], query = "", headers: Record<string, string> = {}) => {
  const form = new FormData();
  for (const [name, content] of files) form.append("file", new Blob([content as BlobPart]), name);
  return to.get(`/data${query}`, { method: "PUT", body: form, headers });
};
const putOne = (to: TestEmulator, [name, content]: File, query = "") =>
  to.get(`/data?name=${encodeURIComponent(name)}${query}`, { method: "PUT", body: content as BodyInit });
const list = async (of: TestEmulator) => (await (await of.get("/data")).json()).data;
const days = samples.find(({ layout }) => layout === "days") as (typeof samples)[number];
const epw = samples.find(({ layout }) => layout === "epw") as (typeof samples)[number];
const both: readonly File[] = [
  ["load.csv", textOf(days)],
  ["sun.epw", textOf(epw)],
];

/** What `apis-emulator import` reports of a file, or why it refuses it. */
async function importHere([name, content]: File, given: object): Promise<unknown> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const options = { ...importDefaults, ...given };
  try {
    const files = [await importFile({ name, open: () => [bytes] }, options)];
    return JSON.parse(JSON.stringify(writeReport(files, combine(files), options)));
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(samples.map((sample) => [sample.layout, sample] as const))("%s", (layout, sample) => {
  const all = bringSample(sample);
  const at = samples.indexOf(sample);
  const share = countOf(all.length, 3);
  const brought = Array.from(
    { length: share },
    (_, index) => all[(at * 5 + index * 7) % all.length] ?? all[0],
  );

  test.each(share === all.length ? all : (brought as typeof all))(
    `I41: ${layout} $name by upload is what the command makes of it`,
    async ({ content, options }) => {
      const tested = createTestEmulator();
      const query = Object.entries(options).map(([name, value]) => `&${name}=${value}`);
      const response = await putOne(tested, [sample.file, content], query.join(""));
      const expected = await importHere([sample.file, content], options);
      const answer = await response.json();
      const refused = { code: "invalid_parameter", message: expected };
      expect(response.status === 200 ? answer.report : answer.error).toEqual(
        typeof expected === "string" ? refused : expected,
      );
      expect(await list(tested)).toHaveLength(response.status === 200 ? 1 : 0);
    },
  );
});

describe("cases", () => {
  const fileOf = (folder: string, name: string): File => [
    name,
    readFileSync(fileURLToPath(new URL(`../input/cases/${folder}/${name}`, import.meta.url))),
  ];
  test.each([
    ["10-wide", ["wide", "wide"], 2],
    ["12-ausgrid", ["ausgrid", "wide"], 2],
    ["13-hourly-8784", ["days", "column"], 2],
    ["14-load-15min", ["days", "days"], 2],
    ["17-home-ids-not-from-1", ["days", "days"], 2],
  ])("I41: %s by upload is complete, and what the command makes of both files", async (name, _, homes) => {
    const tested = createTestEmulator();
    const files = ["my_load_data.csv", "my_solar_data.csv"].map((file) => fileOf(name, file));
    const answer = await (await put(tested, files)).json();
    const imported = [];
    for (const [file, content] of files)
      imported.push(await importFile({ name: file, open: () => [content as Uint8Array] }, importDefaults));
    const report = writeReport(imported, combine(imported), importDefaults);
    expect(answer.report).toEqual(JSON.parse(JSON.stringify(report)));
    expect(answer.lack).toBeNull();
    expect(await list(tested)).toMatchObject([
      { homes, name: "my_load_data.csv, my_solar_data.csv", used: "never" },
    ]);
  });
});

test("I42: data are kept once, told with their size, reported again, and deleted", async () => {
  const tested = createTestEmulator();
  const before = await (await tested.get("/get/log")).text();
  const first = await (await put(tested, both)).json();
  expect(await (await put(tested, both)).json()).toEqual(first);
  expect(await list(tested)).toEqual([
    {
      id: first.id,
      name: "load.csv, sun.epw",
      kept: "1970-01-01T00:00:00.000Z",
      days: 4,
      firstDate: "2021-01-01",
      homes: 2,
      // Four days of two homes at a quarter of an hour, and of the sun at an hour, in four bytes.
      bytes: 4 * (2 * 96 + 24) * 4,
      demand: { minutes: 15, means: false },
      pv: null,
      irradiance: { minutes: 60, means: true },
      lack: null,
      used: "never",
    },
  ]);
  expect(await (await tested.get(`/data/report?id=${first.id}`)).json()).toEqual(first);
  expect((await tested.get(`/data/delete?id=${first.id}`)).status).toBe(200);
  expect(await list(tested)).toEqual([]);
  expect((await tested.get(`/data/report?id=${first.id}`)).status).toBe(404);
  expect(await (await tested.get("/get/log")).text()).toBe(before);
});

test("I42: the report is a page for whoever accepts HTML", async () => {
  const tested = createTestEmulator();
  const page = await put(tested, both, "", { accept: "text/html" });
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await page.text();
  expect(html).toContain("layout epw (");
  const [{ id }] = await list(tested);
  const again = await tested.get(`/data/report?id=${id}`, { headers: { accept: "text/html,*/*" } });
  expect(await again.text()).toBe(html);
});

test("I42: data that lack demand or sun say so", async () => {
  const tested = createTestEmulator();
  const demand = await (await putOne(tested, both[0] as File)).json();
  const sun = await (await putOne(tested, both[1] as File)).json();
  expect([demand.lack, sun.lack]).toEqual([
    "they have no sun; import irradiance or PV power together with them, all files in one request",
    "they have no demand; import a file of demand together with them",
  ]);
});

test.each([
  ["?as=excel", 'as is "excel"; allowed: auto, epw'],
  ["?unit=furlong", 'unit is "furlong"; allowed: W, kW'],
  ["?gap=guess", 'gap is "guess"; allowed: hold'],
  ["?leapDay=no", 'leapDay is "no"; allowed: keep, drop'],
  ["?dst=Mars", 'dst is "Mars"; allowed: none and names of time zones'],
  ["?negative=keep", 'negative is "keep"; allowed: zero'],
  ["?homes=3-1", 'homes is "3-1"; allowed: numbers from 1'],
  ["?labels=middle", 'labels is "middle"; allowed: begin'],
  ["?zone=25", 'zone is "25"; allowed: -14 to 14 hours'],
  ["?columns=a,b", 'columns is "a,b"; allowed: three names'],
  ["?format=html", '"format" is no parameter of this request; allowed: as, unit'],
  ["?gap=hold&gap=hold", '"gap" is given more than once'],
])("I43: PUT /data%s is refused by name, and keeps nothing", async (query, message) => {
  const tested = createTestEmulator();
  const response = await put(tested, both, query);
  const { error } = await response.json();
  expect([response.status, error.message.slice(0, message.length)]).toEqual([400, message]);
  expect(await list(tested)).toEqual([]);
});

test("I43: an upload that is too long, and data beyond what is allowed, name the limit", async () => {
  const tested = createTestEmulator();
  const long = await putOne(tested, ["load.csv", new Uint8Array(16_000_001).fill(32)]);
  expect([long.status, (await long.json()).error.message]).toEqual([
    413,
    "The body is longer than 16000000 bytes (uploadBytes); fewer homes or days at a time are less",
  ]);
  expect(await list(tested)).toEqual([]);
});

test("I43: a form without files, and files that do not go together, are refused", async () => {
  const tested = createTestEmulator();
  const none = await put(tested, []);
  expect([none.status, (await none.json()).error.code]).toEqual([400, "missing_parameter"]);
  const two = await put(tested, [both[1] as File, ["sun2.epw", textOf(epw)]]);
  expect((await two.json()).error.message).toBe("sun2.epw: a second irradiance: one sun shines on all homes");
  expect(await list(tested)).toEqual([]);
});
