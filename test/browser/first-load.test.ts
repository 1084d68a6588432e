import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

const publicFolder = fileURLToPath(new URL("../../public", import.meta.url));
const mostBytes = 120_000;

let screen: Screen;

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());

test("U26: The first load is at most 120 kB gzip and all of it comes from the emulator", async () => {
  const page = await screen.open("community");
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  await page.reload();
  await eventually(() => page.locator(".connection").textContent(), "Live");
  const foreign = urls.filter((url) => !url.startsWith(screen.server.url));
  expect(foreign).toEqual([]);
  const files = urls.map((url) => new URL(url).pathname).filter((path) => /\.(js|css|svg)$/.test(path));
  expect(files).toEqual(expect.arrayContaining(["/ui/main.css", "/ui/main.js"]));
  let bytes = 0;
  for (const file of new Set([...files, "/index.html"]))
    bytes += gzipSync(await readFile(join(publicFolder, file))).length;
  expect(bytes).toBeLessThan(mostBytes);
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
