import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demandCells, joinCells, solarText } from "../input/csv-text.ts";
import { press } from "../support/browser.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { eventually, field, type Screen, said, startScreen } from "./screen.ts";

let screen: Screen;
let data: string;
let restarted: LocalServer | null = null;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "apis-data-"));
  await writeFile(join(data, "short_solar_data.csv"), solarText(1));
  await writeFile(join(data, "short_load_data.csv"), joinCells(demandCells(4, 1)));
  screen = await startScreen({ args: ["--data", data] });
});
afterAll(async () => {
  await restarted?.stop();
  await screen.close();
  await rm(data, { recursive: true, force: true });
});

test("U17: A change by anybody shows at once over the WebSocket", async () => {
  const page = await screen.open("units");
  await eventually(() => page.locator(".connection").textContent(), "Live");
  await screen.set("/set/emu/E002?rsoc=47");
  await eventually(() => field(page, "E002", "rsoc").inputValue(), "47.00", 1000);
  await page.context().close();
});

test("U17: Where the WebSocket does not open, polling takes its place", async () => {
  const context = await screen.browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.clock.install();
  await page.routeWebSocket(/\/live$/, (socket) => socket.close());
  await page.goto(`${screen.server.url}/#/units`);
  await eventually(() => page.locator(".connection").textContent(), "Live, by polling");
  await screen.set("/set/emu/E002?rsoc=46");
  await page.clock.fastForward(5000);
  await eventually(() => field(page, "E002", "rsoc").inputValue(), "46.00");
  await context.close();
});

test("U19: The end of the data is said plainly, and is over once the clock starts again", async () => {
  const page = await screen.openWithClock("units");
  await screen.set("/set/acc/100000");
  await eventually(async () => (await screen.state()).atEndOfData, true);
  await page.clock.fastForward(5000);
  const banner = page.locator(".banner").filter({ hasText: "The data end here" });
  await banner.waitFor();
  expect(await page.locator(".clock-rate").textContent()).toBe("end of data");
  await screen.set("/set/acc/0");
  await press(page, "Reset");
  await page.getByRole("dialog").getByRole("checkbox", { name: "start simulated time" }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
  await said(page, /Reset to \d+ homes/);
  await banner.waitFor({ state: "detached" });
  await page.context().close();
});

test("U18: A server that is stopped is said to be gone; started again, all goes on by itself", async () => {
  const page = await screen.open("units");
  await eventually(() => page.locator(".connection").textContent(), "Live");
  await field(page, "E001", "rsoc").fill("57");
  screen.server.process.kill("SIGTERM");
  await page
    .locator(".banner.lost")
    .filter({ hasText: "connection to the emulator is lost" })
    .waitFor({ timeout: 14_000 });
  expect(await page.locator(".connection").textContent()).toBe("Connection lost");
  await press(page, "Save All");
  await said(page, "it may have been carried out");
  await new Promise<void>((resolve) => {
    if (screen.server.process.exitCode !== null) resolve();
    screen.server.process.once("exit", () => resolve());
  });
  const { folder, port } = screen.server;
  restarted = await startLocalServer({ folder, args: ["--data", data, "--port", String(port)] });
  await page.locator(".banner").filter({ hasText: "answers again" }).waitFor({ timeout: 5000 });
  await eventually(() => page.locator(".connection").textContent(), "Live", 8000);
  expect(await field(page, "E001", "rsoc").inputValue()).toBe("57");
  await page.locator('article[data-unit="E001"]').getByRole("button", { name: "Set" }).click();
  await said(page, "E001: set rsoc 57");
  expect((await screen.unit("E001")).stateOfChargePercent).toBe(57);
  expect(screen.problems).toEqual([]);
});
