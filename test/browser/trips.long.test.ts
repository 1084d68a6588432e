import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, type Screen, startScreen } from "./screen.ts";

let screen: Screen;
beforeAll(async () => {
  screen = await startScreen({ args: ["--set", "protection=on"] });
});
afterAll(() => screen.close());

const alarms = {
  en: "Alarm: the converter was stopped, since its home cannot give what it asked",
  ja: "警報: 住宅が供給できない電力を要求したため、コンバータが停止しました",
};

test("U62: A converter that was protected is marked with its alarm at its card, its picture, its tile and its row, in English and Japanese", async () => {
  await screen.set("/set/emu/E002?rsoc=0");
  await screen.set("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await screen.set("/set/dcdc/E002?mode=0x0002&dvg=350&dig=2");
  await screen.set("/time/step?seconds=200");
  expect(await screen.unit("E002")).toMatchObject({ converterMode: "waiting", tripCause: "cannotGive" });
  for (const [locale, alarm] of [
    ["en-GB", alarms.en],
    ["ja-JP", alarms.ja],
  ] as const) {
    const page = await screen.open("unit/E002", { locale });
    await eventually(() => page.locator(".card .fault-badge").textContent(), alarm);
    const converter = page.locator(".flow-frame .node.is-wrong");
    await eventually(() => converter.count(), 1);
    expect(await converter.locator(".node-state").textContent()).toMatch(/^⚠ /);
    await page.goto(`${screen.server.url}/#/community`);
    await eventually(() => page.locator('[data-unit="E002"] .fault-badge').getAttribute("title"), alarm);
    expect(await page.locator('[data-unit="E001"] .fault-badge').isVisible()).toBe(false);
    await page.context().close();
  }
  const page = await screen.open("unit/E002");
  await screen.set("/set/dcdc/E002?mode=0x0000&dvg=350&dig=0");
  await eventually(() => page.locator(".card .fault-badge").isVisible(), false);
  expect(await page.locator(".flow-frame .node.is-wrong").count()).toBe(0);
  expect(screen.problems).toEqual([]);
});
