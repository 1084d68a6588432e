import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openControls, press } from "../support/browser.ts";
import { findProblems } from "./find-problems.ts";
import { eventually, field, type Screen, said, startScreen } from "./screen.ts";

let screen: Screen;
const views = [
  "community",
  "units",
  "unit/E001",
  "charts",
  "events",
  "results/against=before&newest=86400",
  "help",
];

beforeAll(async () => {
  screen = await startScreen();
  await screen.set("/time/step?seconds=110000");
});
afterAll(() => screen.close());

for (const colorScheme of ["light", "dark"] as const) {
  test(`U22: axe-core finds nothing serious on any view, ${colorScheme}`, async () => {
    const page = await screen.open("community", { colorScheme, bypassCSP: true });
    for (const view of views) {
      await page.goto(`${screen.server.url}/#/${view}`);
      await page.waitForTimeout(250);
      expect(await findProblems(page), view).toEqual([]);
    }
    await page.goto(`${screen.server.url}/#/community`);
    await page.keyboard.press("[");
    await page.locator(".past-banner").waitFor();
    await openControls(page);
    expect(await findProblems(page), "the past, with the controls open").toEqual([]);
    await page.keyboard.press("u");
    expect(await findProblems(page), "until").toEqual([]);
    await field(page, "E001", "rsoc").isVisible();
    await page.context().close();
  });
}

test("U22: axe-core finds nothing serious in Japanese, with a refused value, in a dialog, on a phone", async () => {
  const page = await screen.open("units", {
    locale: "ja-JP",
    bypassCSP: true,
    viewport: { width: 390, height: 844 },
  });
  await field(page, "E001", "rsoc").fill("500");
  await field(page, "E001", "rsoc").press("Enter");
  await said(page, "充電率 rsoc：「500」は使えません");
  expect(await findProblems(page)).toEqual([]);
  await press(page, "Remove Unit");
  expect(await findProblems(page)).toEqual([]);
  await page.context().close();
});

test("U20: The browser's language is used, the switch changes it for good, what is typed stays", async () => {
  const page = await screen.open("units", { locale: "ja-JP" });
  expect(await page.locator("html").getAttribute("lang")).toBe("ja");
  await page.getByRole("heading", { name: "住宅一覧" }).waitFor();
  await openControls(page);
  expect(await page.getByRole("button", { name: "すべて保存 Save All" }).count()).toBe(1);
  await field(page, "E001", "rsoc").fill("12");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Homes" }).waitFor();
  expect(await field(page, "E001", "rsoc").inputValue()).toBe("12");
  await page.reload();
  await page.getByRole("heading", { name: "Homes" }).waitFor();
  await page.getByRole("button", { name: "日本語" }).click();
  await press(page, "Save All");
  await said(page, "保存しました");
  await page.context().close();
});

test("U20: No English is left on a Japanese view, nor Japanese on an English one", async () => {
  for (const [locale, foreign] of [
    ["en-GB", /[\u3040-\u30ff\u4e00-\u9fff]/],
    ["ja-JP", /\b(the|of|and|is|are|to)\b/i],
  ] as const) {
    const page = await screen.open("community", { locale });
    for (const view of views) {
      await page.goto(`${screen.server.url}/#/${view}`);
      await page.locator("h1").waitFor();
      const text = await page.evaluate(() => {
        const copy = document.body.cloneNode(true) as HTMLElement;
        for (const other of copy.querySelectorAll("[lang], pre")) other.remove();
        return copy.textContent ?? "";
      });
      expect(text, view).not.toMatch(foreign);
    }
    await page.context().close();
  }
});

/** Holds requests back until the function that it gives is called, as a slow network does. */
async function holdBack(page: Page, path: string): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHeld = true;
  await page.route(path, (route) => (isHeld ? void held.push(route) : route.continue()));
  return async () => {
    isHeld = false;
    await Promise.all(held.map((route) => route.continue()));
  };
}

test("U21: With the keyboard alone: skip, go to Units, type, set, read, ask, cancel", async () => {
  const page = await screen.open("community");
  const isOn = (selector: string) =>
    page.evaluate((each) => document.activeElement?.matches(each) ?? false, selector);
  const tabTo = async (selector: string) => {
    for (let presses = 0; presses < 80; presses++) {
      if (await isOn(selector)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab never came to ${selector}`);
  };
  await page.keyboard.press("Tab");
  expect(await isOn(".skip")).toBe(true);
  await page.keyboard.press("Enter");
  expect(await isOn("main")).toBe(true);
  await page.goto(`${screen.server.url}/#/community`);
  await page.reload();
  await tabTo('a[href="#/units"]');
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Homes" }).waitFor();
  await tabTo("#E001-rsoc");
  await page.keyboard.type("58");
  await page.keyboard.press("Enter");
  await said(page, "E001: set rsoc 58");
  expect((await screen.unit("E001")).stateOfChargePercent).toBe(58);
  await page.reload();
  await page.locator(".clock-time").filter({ hasText: ":" }).waitFor();
  const before = await screen.state();
  await page.keyboard.press("e");
  const release = await holdBack(page, "**/state/columns");
  for (const name of ["Read All", "Reset"]) {
    await page.locator(".controls").getByRole("button", { name }).focus();
    await page.keyboard.press("Space");
  }
  await page.getByRole("dialog").waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
  await page.keyboard.press("Enter");
  await said(page, "Nothing was changed");
  await release();
  await page.waitForTimeout(300);
  await said(page, "Nothing was changed");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Reset");
  expect((await screen.state()).units).toEqual(before.units);
  await page.context().close();
});

test("U21: What buttons do is told in live regions", async () => {
  const page = await screen.open("units");
  await press(page, "Read All");
  await expect
    .poll(() => page.getByRole("status").allTextContents())
    .toContainEqual(expect.stringMatching(/^Read/));
  await field(page, "E001", "rsoc").fill("-1");
  await field(page, "E001", "rsoc").press("Enter");
  await expect
    .poll(() => page.getByRole("alert").allTextContents())
    .toContainEqual(expect.stringMatching(/E001 was not/));
  await page.context().close();
});

test("U25: No view is wider than a phone", async () => {
  for (const locale of ["en-GB", "ja-JP"]) {
    const page = await screen.open("community", { viewport: { width: 360, height: 740 }, locale });
    for (const view of views) {
      await page.goto(`${screen.server.url}/#/${view}`);
      await page.waitForTimeout(150);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(360);
    }
    await page.context().close();
  }
});

test("U25: The colours follow the system or the switch", async () => {
  const page = await screen.open("help", { colorScheme: "dark" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  const turn = () => page.locator("#theme").click();
  expect(await page.locator("#theme").getAttribute("title")).toBe("Colours: Like the system. Next: Light");
  await turn();
  await eventually(async () => (await paper()) !== dark, true);
  await turn();
  await turn();
  await eventually(paper, dark);
  await page.context().close();
});

test("U21: Nothing broke and nothing was refused by the content security policy", () => {
  expect(screen.problems).toEqual([]);
});
