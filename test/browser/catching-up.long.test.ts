import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage, press } from "../support/browser.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { leaveFor } from "../support/long-away.ts";
import { eventually, said } from "./screen.ts";

const args = ["--set", "atEndOfData=repeat"];
const problems: string[] = [];
let folder: string;
let server: LocalServer;
let browser: Browser;

/** A server whose 100 homes nobody looked at for a month at the highest acceleration. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-away-"));
  const before = await startLocalServer({ units: 100, acceleration: 100_000, args, folder });
  await (await fetch(`${before.url}/get/log`)).text();
  await before.stop();
  await leaveFor(30, join(folder, "state"));
  [server, browser] = await Promise.all([startLocalServer({ units: 100, args, folder }), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const open = async (locale: string, timeout = 20_000) => {
  const { page } = await openPage(browser, `${server.url}/#/units`, { locale }, problems);
  page.setDefaultTimeout(timeout);
  return page;
};

test("U49: it is said to be catching up, in both languages, and commands are told why they were refused", async () => {
  const [english, japanese] = [await open("en-GB"), await open("ja-JP")];
  await english
    .locator(".banner")
    .filter({ hasText: /^Catching up, [\d.]+ %: / })
    .waitFor();
  await japanese
    .locator(".banner")
    .filter({ hasText: /^追いつき計算中：[\d.]+ %。/ })
    .waitFor();
  expect(await english.locator(".connection").textContent()).toBe("Catching up");
  expect(await japanese.locator(".connection").textContent()).toBe("追いつき計算中");
  expect(await english.locator(".banner.lost").textContent()).toBe("");
  await press(english, "Save All");
  await said(english, /^The emulator is catching up, [\d.]+ %: try again when it is done\.$/);
  await japanese.context().close();
  await english.context().close();
}, 60_000);

test("U49: the clock is started anew, and every screen goes on by itself", async () => {
  const [mine, other] = [await open("en-GB"), await open("en-GB")];
  for (const page of [mine, other])
    await eventually(() => page.locator(".connection").textContent(), "Catching up", 20_000);
  await press(mine, "Reset");
  const dialog = mine.getByRole("dialog");
  expect(await dialog.textContent()).toContain("as many homes as it has");
  await dialog.getByRole("checkbox", { name: "start simulated time" }).check();
  await dialog.getByRole("button", { name: "Reset" }).click();
  await said(mine, /^Reset to \d+ homes at 2020-01-/);
  for (const page of [mine, other]) {
    await eventually(() => page.locator(".connection").textContent(), "Live", 20_000);
    await page.locator(".banner").filter({ hasText: "Catching up" }).waitFor({ state: "detached" });
    await page.locator('article[data-unit="E001"]').waitFor();
  }
  expect(problems).toEqual([]);
}, 60_000);
