import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { updateRecordFiles } from "../../src/cli/local/record-files.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { startLocalServer } from "../support/local-server.ts";

const paths = { summary: "data/output/summary.csv", individual: "data/output/indivLog.csv" };
const dayMs = 86_400_000;
let tested: TestEmulator;
let server: Server;
let url: string;
let folder: string;

beforeEach(async () => {
  tested = createTestEmulator({ acceleration: 1, units: 2 });
  server = createServer(async (request, response) => {
    response.end(await (await tested.get(request.url as string)).text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), "apis-records-"));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const update = (stop = new AbortController().signal) =>
  updateRecordFiles({ url, operatorKey: "" }, folder, paths, stop);
const file = (name: string) => readFile(join(folder, name), "utf8");
const served = async (name: string) => (await tested.get(`/${name}`)).text();

async function expectSame(): Promise<void> {
  expect(await file(paths.individual)).toBe(await served(paths.individual));
  expect(await file(paths.summary)).toBe(await served(paths.summary));
}

test("L10: the files are what is served, whenever they are written", async () => {
  for (const wallMs of [0, 0.3 * dayMs, 0.7 * dayMs, 1.2 * dayMs, 2.9 * dayMs]) {
    tested.wallMs = wallMs;
    await tested.get("/set/emu/E002?rsoc=40");
    await update();
    await expectSame();
    await update();
    await expectSame();
  }
});

test("L10: rows that a killed writer left behind what it had noted are not doubled", async () => {
  tested.wallMs = 1.5 * dayMs;
  await update();
  const note = await file("records.json");
  tested.wallMs = 2.5 * dayMs;
  await update();
  await writeFile(join(folder, "records.json"), note);
  await writeFile(join(folder, paths.individual), `${await file(paths.individual)}1,2020/01`);
  await update();
  await expectSame();
});

test("L10: a writer that was told to stop leaves the rest to the next", async () => {
  tested.wallMs = 1.5 * dayMs;
  expect(await update(AbortSignal.abort())).toBe(false);
  expect(await update()).toBe(true);
  await expectSame();
});

test("L10: a clock set back to the start begins the files anew", async () => {
  tested.wallMs = 1.5 * dayMs;
  await update();
  await tested.get("/restart?clock=start");
  tested.wallMs += 0.2 * dayMs;
  await update();
  await expectSame();
});

describe("a file whose columns are others", () => {
  const oldHeader = "id,time,oesunit_id,emu_rsoc\r\n";
  const oldText = `${oldHeader}${"1,2020/01/01-00:00:00,E001,50\r\n".repeat(4000)}`;

  test("L10: is kept under another name, said, and a new one begins with all that is served", async () => {
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    tested.wallMs = 1.5 * dayMs;
    await update();
    await writeFile(join(folder, paths.individual), oldText);
    await update();
    await expectSame();
    expect(await file("data/output/indivLog-1.csv")).toBe(oldText);
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining("indivLog-1.csv")]);
    await writeFile(join(folder, paths.individual), oldHeader);
    tested.wallMs = 2.5 * dayMs;
    await update();
    await expectSame();
    expect(await file("data/output/indivLog-1.csv")).toBe(oldText);
    expect(await file("data/output/indivLog-2.csv")).toBe(oldHeader);
    said.mockRestore();
  });

  test("L10: a writer killed while it began anew leaves nothing that a note of before goes on with", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    tested.wallMs = 1.5 * dayMs;
    await update();
    await writeFile(join(folder, paths.individual), oldText);
    await update(AbortSignal.abort());
    const half = (await served(paths.individual)).slice(0, -300);
    await writeFile(join(folder, paths.individual), half);
    await update();
    await expectSame();
    vi.restoreAllMocks();
  });
});

test("L10: a file that was deleted or cut begins anew", async () => {
  tested.wallMs = 1.5 * dayMs;
  await update();
  await rm(join(folder, paths.individual));
  await update();
  await expectSame();
  const text = await file(paths.individual);
  await writeFile(join(folder, paths.individual), text.slice(0, 500));
  await update();
  await expectSame();
});

test("L10: the local server has written them when it has stopped", async () => {
  const local = await startLocalServer({ units: 2, acceleration: 100_000, folder });
  await expect
    .poll(async () => (await (await fetch(`${local.url}/get/log`)).text()).length)
    .toBeGreaterThan(100);
  await fetch(`${local.url}/set/acc/0`);
  const readings = await (await fetch(`${local.url}/data/output/indivLog.csv`)).text();
  const summary = await (await fetch(`${local.url}/data/output/summary.csv`)).text();
  await local.stop();
  expect(await file("data/output/indivLog.csv")).toBe(readings);
  expect(await file("data/output/summary.csv")).toBe(summary);
});
