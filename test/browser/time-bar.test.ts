import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { CommunityJson } from "../../src/api/wire/community-json.ts";
import { eventually, type Screen, said, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;
const bar = () => page.getByRole("group", { name: "Simulated time" });

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());
beforeEach(async () => {
  await screen.set("/set/acc/0");
  await screen.set("/restart?clock=start");
  page = await screen.open("community");
});
afterEach(() => page.context().close());

test("U39: Hold, Run, speeds and steps: time is held at its acceleration, moved on, and goes on; a claimed clock is said to be claimed", async () => {
  await bar().getByRole("button", { name: "×60", exact: true }).click();
  await said(page, "Time now runs 60 times as fast");
  expect(await screen.get("/get/acc")).toBe(60);
  expect(await bar().getByRole("button", { pressed: true }).allTextContents()).toEqual(["×60"]);
  const turn = page.locator("#hold");
  await eventually(() => turn.textContent(), "Hold");
  await turn.click();
  await said(page, "Simulated time is held.");
  await eventually(() => turn.textContent(), "Run × 60");
  expect(await page.locator(".clock-rate").textContent()).toBe("held");
  const { timeS } = await screen.state();
  let passedS = 0;
  for (const [name, seconds] of [
    ["+5 min", 300],
    ["+1 h", 3600],
    ["+1 day", 86_400],
  ] as const) {
    await bar().getByRole("button", { name }).click();
    await said(page, `Simulated time is held, and has moved on by ${name.slice(1)}.`);
    passedS += seconds;
    expect(await screen.state()).toMatchObject({ timeS: timeS + passedS, held: true });
  }
  await screen.set("/time/hold?claim=Mia");
  await bar().getByRole("button", { name: "+1 h" }).click();
  await said(page, "Someone is stepping the simulated time: the clock is claimed by Mia.");
  await screen.set("/time/hold?claim=Mia&claimSeconds=0");
});

test("U39: Time runs until a date, sunset and the next event; another run begins at a date", async () => {
  const open = () => bar().getByRole("button", { name: "Until" }).click();
  await open();
  await page.locator("#until-moment").fill("2020-01-01T06:30:10");
  await page.getByRole("button", { name: "Go there" }).click();
  await said(page, "Simulated time is held at 2020-01-01 06:30:10.");
  expect((await screen.state()).timeS).toBe(6.5 * 3600 + 10);
  await open();
  await page.getByRole("button", { name: "Sunset" }).click();
  await said(page, /Simulated time is held at 2020-01-01 1[678]:/);
  expect((await screen.unit("E001")).solarPowerW).toBe(0);
  await open();
  await page.locator("#until-kind").selectOption({ label: "Battery full" });
  await page.getByRole("button", { name: "Next event" }).click();
  await said(page, "Battery full came: simulated time is held at 2020-01-02");
  const charges = (await screen.state()).units.map((unit) => unit.stateOfChargePercent);
  expect(Math.max(...charges)).toBe(100);
  await open();
  await page.locator("#until-moment").fill("2020-01-01T00:00");
  await page.getByRole("button", { name: "Go there" }).click();
  await said(page, "That moment has come already");
  await bar().getByRole("button", { name: "New run" }).click();
  await page.locator("#run-date").fill("2020-06-21");
  await page.getByRole("button", { name: "Begin" }).click();
  await said(page, "Another run has begun at 2020-06-21 00:00:00.");
  await eventually(() => page.locator(".clock-date").textContent(), "2020-06-21");
});

test("U39: Single keys command time, but not while somebody types, and can be turned off", async () => {
  const timeS = async () => (await screen.state()).timeS;
  await page.keyboard.press("m");
  await eventually(timeS, 300);
  await page.keyboard.press("3");
  await eventually(() => screen.get("/get/acc"), 60);
  await eventually(() => page.locator("#hold").textContent(), "Hold");
  await page.keyboard.press("k");
  await eventually(() => screen.get("/get/acc"), 0);
  const reached = await timeS();
  await page.locator("#filter").fill("");
  await page.locator("#filter").press("h");
  await page.goto(`${screen.server.url}/#/help`);
  await page.getByRole("checkbox", { name: "Single keys" }).uncheck();
  await page.locator("h1").click();
  await page.keyboard.press("h");
  await page.waitForTimeout(200);
  expect(await timeS()).toBe(reached);
  await page.getByRole("checkbox", { name: "Single keys" }).check();
  await page.locator("h1").click();
  await page.keyboard.press("h");
  await eventually(async () => Math.round(await timeS()), Math.round(reached + 3600));
});

test("U51: Dragged along the past, every picture, table and number shows that moment, clearly not live, and one click or key leads back", async () => {
  await screen.set("/set/acc/0");
  await screen.set("/time/step?seconds=90000");
  await screen.set("/set/emu/E001?rsoc=12.5");
  await eventually(() => page.locator(".clock-time").textContent(), "01:00:00");
  const banner = page.locator(".past-banner");
  const charge = (unit: string) =>
    page.locator(`tr[data-unit="${unit}"] .stateOfChargePercent`).textContent();
  expect(await banner.isVisible()).toBe(false);
  const past = await screen.get<CommunityJson>("/state?timeS=43200");
  const shown = past.units.map(({ stateOfChargePercent }) => stateOfChargePercent.toFixed(2));
  const live = await charge("E001");
  await page.locator("#moment").fill("43210");
  await eventually(() => charge("E001"), shown[0]);
  expect(await charge("E004")).toBe(shown[3]);
  expect(await banner.textContent()).toContain(
    "everything is as it was at 2020-01-01 12:00:00. It is 2020-01-02 01:00:00 now.",
  );
  expect(await page.locator(".clock-time").textContent()).toBe("12:00:00");
  expect(await page.locator(".connection").textContent()).toBe("The past");
  await eventually(
    async () => /00:00 – 12:00/.test((await page.locator(".range-words").textContent()) ?? ""),
    true,
  );
  await page.goto(`${screen.server.url}/#/unit/E002`);
  await eventually(() => page.locator("#E002-rsoc").inputValue(), shown[1]);
  expect(await page.getByRole("button", { name: "Set", exact: true }).isVisible()).toBe(false);
  await page.keyboard.press("[");
  await eventually(() => page.locator(".clock-time").textContent(), "11:55:00");
  await page.locator("#moment").press("PageUp");
  await eventually(() => page.locator(".clock-time").textContent(), "12:55:00");
  await screen.set("/set/emu/E002?rsoc=77");
  await page.waitForTimeout(300);
  expect(await page.locator(".clock-time").textContent()).toBe("12:55:00");
  await page.getByRole("button", { name: "Back to now" }).click();
  await eventually(() => page.locator("#E002-rsoc").inputValue(), "77.00");
  expect(await banner.isVisible()).toBe(false);
  await page.keyboard.press("[");
  await banner.waitFor();
  await page.keyboard.press("n");
  await banner.waitFor({ state: "hidden" });
  await page.keyboard.press("[");
  await banner.waitFor();
  await page.keyboard.press("m");
  await said(page, "moved on by 5 min");
  expect(await banner.isVisible()).toBe(false);
  await page.goto(`${screen.server.url}/#/community`);
  expect(await charge("E001")).not.toBe(live);
});

test("U50: The line at the top is at most 64 px high and the time bar 48, also on a phone, and a wide window is used", async () => {
  for (const locale of ["en-GB", "ja-JP"])
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 1920, height: 1080 },
      { width: 390, height: 844 },
    ]) {
      const other = await screen.open("community", { locale, viewport });
      const place = `${locale}, ${viewport.width}`;
      const box = async (part: string) =>
        (await other.locator(part).boundingBox()) ?? { width: 0, height: 999 };
      expect((await box(".header")).height, place).toBeLessThanOrEqual(64);
      expect((await box(".time-bar")).height, place).toBeLessThanOrEqual(48);
      expect((await box(".summary")).width, place).toBeGreaterThan(viewport.width - 60);
      await other.context().close();
    }
});
