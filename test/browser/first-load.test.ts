import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

const publicFolder = fileURLToPath(new URL("../../public", import.meta.url));
const mostBytes = 120_000;
const mostBytesOfFirstNumbers = 80_000;
const laterViews = "/ui/later-views.js";

let screen: Screen;

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());

test("U26: The first load is at most 120 kB gzip, of which first numbers need at most 80, and all of it comes from the emulator", async () => {
  const page = await screen.open("community");
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  await page.reload();
  await eventually(() => page.locator(".connection").textContent(), "Live");
  const foreign = urls.filter((url) => !url.startsWith(screen.server.url));
  expect(foreign).toEqual([]);
  const files = urls.map((url) => new URL(url).pathname).filter((path) => /\.(js|css|svg)$/.test(path));
  const sizeOf = async (file: string) => gzipSync(await readFile(join(publicFolder, file))).length;
  let bytes = await sizeOf("/index.html");
  let bytesOfFirstNumbers = bytes;
  for (const file of new Set(files)) {
    bytes += await sizeOf(file);
    if (file !== laterViews) bytesOfFirstNumbers += await sizeOf(file);
  }
  expect(files).toEqual(expect.arrayContaining(["/ui/main.css", "/ui/main.js", "/ui/chunk.js", laterViews]));
  expect(bytes).toBeLessThan(mostBytes);
  expect(bytesOfFirstNumbers).toBeLessThan(mostBytesOfFirstNumbers);
  await page.context().close();
});

test("U26: First numbers stand there without the other views; one that did not come is said so, and comes when the emulator is back", async () => {
  const { page } = await openPage(screen.browser, "about:blank");
  let isThere = false;
  const unless = (route: Route) => (isThere ? route.continue() : route.abort());
  await page.route(`**${laterViews}`, unless);
  await page.goto(screen.server.url);
  await page.locator("tr[data-unit=E001]").filter({ hasText: /\d/ }).waitFor();
  await page.route("**/state/columns*", unless);
  await page.reload();
  await page.locator(".banner.lost").filter({ hasText: "cannot be reached" }).waitFor();
  await page.locator('.navigation a[href="#/help"]').click();
  await page.locator("h1").filter({ hasText: "This view did not come" }).waitFor();
  expect(await page.getByRole("button", { name: "Load the page again" }).isVisible()).toBe(true);
  isThere = true;
  await page.locator("h1").filter({ hasText: "Help" }).waitFor();
  await page.context().close();
});

test("U26: Every view opens while the emulator is gone, once the page has been loaded", async () => {
  const page = await screen.open("community");
  await eventually(
    () =>
      page.evaluate((file) => performance.getEntriesByName(file).length, `${screen.server.url}${laterViews}`),
    1,
  );
  await page.context().setOffline(true);
  for (const view of ["unit/E001", "charts", "events", "results", "data", "help"]) {
    await page.evaluate((to) => location.assign(`#/${to}`), view);
    await page.waitForFunction(
      (to) => document.querySelector(`[aria-current=page][href*="${to}"], .data-view`),
      view,
    );
    expect(await page.locator("h1").textContent()).not.toContain("did not come");
  }
  await page.context().close();
});

test("U26: Nothing is asked of the emulator while the page is out of sight", async () => {
  const page = await screen.openWithClock("units");
  await eventually(() => page.locator(".connection").textContent(), "Live");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    const send = WebSocket.prototype.send;
    Object.assign(globalThis, { asked: 0 });
    WebSocket.prototype.send = function (data) {
      (globalThis as unknown as { asked: number }).asked++;
      return send.call(this, data);
    };
  });
  await page.clock.fastForward(5600);
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => (globalThis as unknown as { asked: number }).asked)).toBe(0);
  expect(sent).toEqual([]);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await eventually(() => page.evaluate(() => (globalThis as unknown as { asked: number }).asked > 0), true);
  await page.context().close();
});

test("U20: In a browser whose language nobody can write in, as where LANG is C, all is shown in English", async () => {
  await screen.set("/time/step?seconds=7200");
  const browser = await launchBrowser([], { LANG: "C", LC_ALL: "C", LANGUAGE: "" });
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto("about:blank");
  const namesUsable = "Intl.NumberFormat.supportedLocalesOf(navigator.language)";
  await expect(page.evaluate(namesUsable)).rejects.toThrow("RangeError");
  for (const view of ["community", "units", "unit/E001", "help", "charts"]) {
    await page.goto(`${screen.server.url}/#/${view}`);
    await page.locator("h1").waitFor();
  }
  await page.locator("canvas").first().waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  expect(problems).toEqual([]);
  await browser.close();
});
