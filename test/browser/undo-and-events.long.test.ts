import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { press } from "../support/browser.ts";
import { eventually, type Screen, said, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;

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

test("U52: Reset, Load Last and Remove Unit can be undone with one click: all is as it was, and time runs on if it ran", async () => {
  const undo = page.locator(".messages").getByRole("button", { name: "Undo" });
  const charges = async () =>
    (await screen.state()).units.map(({ stateOfChargePercent }) => stateOfChargePercent);
  await screen.set("/set/acc/0");
  await screen.set("/save");
  for (const [name, unit, done] of [
    ["Reset", "E002", "Reset to"],
    ["Load Last", "E003", /saved/i],
    ["Remove Unit", "E001", /removed/i],
  ] as const) {
    await screen.set("/set/acc/0");
    await screen.set(`/set/emu/${unit}?rsoc=91.5`);
    const before = await charges();
    await screen.set("/set/acc/1");
    await press(page, name);
    await page.getByRole("dialog").getByRole("button", { name }).click();
    await said(page, done);
    expect(await charges(), name).not.toEqual(before);
    await undo.click();
    await said(page, "Undone: all is as it was at 2020-01-01");
    expect((await charges()).map(Math.round), name).toEqual(before.map(Math.round));
    expect(await screen.state(), name).toMatchObject({ held: false, acceleration: 1 });
  }
});

test("U52: What begins another run, and going back itself, can be undone too: homes and clock are as they were, and what does not come back is said", async () => {
  const undo = page.locator(".messages").getByRole("button", { name: "Undo" });
  const told = async () => {
    const { time, units } = await screen.state();
    return [
      time,
      ...units.map(({ stateOfChargePercent, converterMode }) => [stateOfChargePercent, converterMode]),
    ];
  };
  const resetClock = async () => {
    await press(page, "Reset");
    await page.getByRole("dialog").getByRole("checkbox", { name: "start simulated time" }).check();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await said(page, "Reset to 6 homes");
  };
  const newRun = async () => {
    await page.locator('[popovertarget="emulation"]').click();
    await page.locator('[popovertarget="new-run"]').click();
    await page.locator("#run-date").fill("2020-01-03");
    await page.getByRole("button", { name: "Begin", exact: true }).click();
    await said(page, "Another run has begun at 2020-01-03");
  };
  for (const act of [resetClock, newRun]) {
    await screen.set("/set/emu/E002?rsoc=91.5");
    await screen.set("/set/dcdc/E001?mode=0x0014&dvg=350&drg=0&dig=2");
    await screen.set("/time/step?seconds=5000");
    const before = await told();
    await act();
    const after = await told();
    expect(after).not.toEqual(before);
    await undo.click();
    await said(page, "What was recorded before is gone.");
    expect(await told()).toEqual(before);
    await undo.click();
    await eventually(told, after);
    await undo.click();
    await eventually(told, before);
  }
});

test("U53: Events are listed with filters of home, kind and words, a click shows the moment, and charts mark them", async () => {
  await screen.set("/set/acc/0");
  await screen.set("/time/step?seconds=600");
  await screen.set("/set/emu/E001?rsoc=100");
  await screen.set("/time/step?seconds=49400");
  await screen.set("/set/dcdc/E002?mode=0x0014&dvg=350&drg=0&dig=2");
  await eventually(() => page.locator("tr[data-unit=E002] .converterMode").textContent(), "Grid autonomy");
  await page.goto(`${screen.server.url}/#/events`);
  const rows = page.locator(".events tbody tr");
  const kinds = () =>
    rows.evaluateAll((all) => [...new Set(all.map((row) => (row as HTMLElement).dataset.kind))]);
  await eventually(async () => (await kinds()).includes("full"), true);
  expect((await rows.first().textContent()) ?? "").toContain("2020-01-01 13:53:20");
  await page.locator("#event-home").fill("e2");
  await eventually(
    async () =>
      /E002Converter’s modeGrid autonomy/.test(
        (await page.locator('.events tr[data-kind="mode"]').first().textContent()) ?? "",
      ),
    true,
  );
  await page.locator("#event-words").fill("0x0014");
  expect(await kinds()).toEqual(["command"]);
  await page.locator("#event-words").fill("");
  await page.locator('.chips [data-kind="command"]').click();
  expect(await kinds()).not.toContain("command");
  await page.locator("#event-home").fill("");
  await page.locator('.events tr[data-kind="full"] button').last().click();
  await page.locator(".past-banner").waitFor();
  const at = (await page.locator(".clock-time").textContent()) ?? "";
  expect((await page.locator('.events tr[data-kind="full"] button').last().textContent()) ?? "").toContain(
    at,
  );
  await page.keyboard.press("n");
  await screen.set("/time/step?seconds=10");
  await eventually(() => page.locator(".clock-time").textContent(), "13:53:30");
  await page.goto(`${screen.server.url}/#/unit/E002`);
  await eventually(
    async () => /Grid autonomy/.test((await page.locator(".legend-moment").first().textContent()) ?? ""),
    true,
  );
});

test("U53: A trip by a fault is in the list too, and on a phone nothing of a row is beside the page", async () => {
  await screen.set("/set/dcdc/E002?mode=0x0014&dvg=350&drg=0&dig=2");
  await screen.set("/time/step?seconds=60");
  await screen.set("/faults/add?kind=trip&unit=E002&alarm=heavy");
  await screen.set("/time/step?seconds=60");
  const phone = await screen.open("events", { viewport: { width: 390, height: 844 } });
  await phone.locator(".events tr", { hasText: "a fault of the hardware, heavy alarm" }).waitFor();
  const ends = await phone
    .locator(".events td:not(:empty)")
    .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right));
  expect(ends.length).toBeGreaterThan(8);
  expect(Math.max(...ends)).toBeLessThan(390);
  await phone.context().close();
});
