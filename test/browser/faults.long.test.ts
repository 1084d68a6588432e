import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { faultKindNames, parametersOf } from "../../src/input/faults/kinds.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());
beforeEach(async () => {
  page = await screen.open("community");
});
afterEach(() => page.context().close());

const items = () => page.locator(".faults li").allTextContents();
const badge = (unit: string) => page.locator(`[data-unit="${unit}"] .fault-badge`);
const openForm = () => page.locator("details summary", { hasText: "Add a fault" }).click();

test("U61: Faults that are on or will be are listed, marked at their homes, and ended by their buttons", async () => {
  await eventually(() => page.getByText("No fault is on.").isVisible(), true);
  await screen.set("/faults/add?kind=overTemperature&unit=E002");
  await screen.set("/faults/add?kind=late&ms=5&at=9000000");
  await eventually(async () => (await items()).length, 2);
  const [first = "", second = ""] = await items();
  expect(first).toMatch(/^1: The converter is too hot \(tmp 60\), E002 since 20\d\d-/);
  expect(second).toMatch(/^2: Answers are late \(ms 5\), all homes from 20\d\d-/);
  await eventually(() => badge("E002").isVisible(), true);
  expect(await badge("E001").isVisible()).toBe(false);
  await page.goto(`${screen.server.url}/#/unit/E002`);
  await eventually(
    () => page.locator(".card .fault-badge").textContent(),
    "Fault: The converter is too hot (tmp 60)",
  );
  await page.goto(`${screen.server.url}/#/community`);
  await page.getByRole("button", { name: "End fault 1" }).click();
  await eventually(async () => (await items()).length, 1);
  await page.getByRole("button", { name: "End fault 2" }).click();
  await eventually(() => page.getByText("No fault is on.").isVisible(), true);
});

test("U61: The form has every kind of the table with its fields, and says what is wrong in the page's words", async () => {
  await openForm();
  const kinds = await page
    .locator("#fault-kind option")
    .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
  expect(kinds).toEqual(faultKindNames);
  for (const kind of faultKindNames) {
    await page.locator("#fault-kind").selectOption(kind);
    for (const name of parametersOf(kind))
      expect(await page.locator(`#fault-${name}`).count(), `${kind} ${name}`).toBe(1);
  }
  await page.locator("#fault-kind").selectOption("meterOffset");
  await page.locator("#fault-unit").fill("3");
  await page.locator("#fault-meter").selectOption("vg");
  await page.locator("#fault-offset").fill("2000");
  const add = page.locator(".fault-form button[type=submit]");
  await add.click();
  await eventually(
    () => page.locator(".fault-form .said").textContent(),
    "Too much by: “2000” is not possible; allowed is a number from -1,000 to 1,000.",
  );
  await page.locator("#fault-offset").fill("−1,5");
  await add.click();
  await eventually(items, [expect.stringContaining("A meter is off (meter vg, offset -1.5), E003")]);
  const { faults } = await screen.state();
  await screen.set(`/faults/end?id=${faults[0]?.id}`);
});

test("U61: All of it is there in Japanese", async () => {
  await screen.set("/faults/add?kind=meterStuck&meter=rsoc&unit=E001&value=5");
  const japanese = await screen.open("community", { locale: "ja-JP" });
  await eventually(
    () => japanese.locator(".faults li").textContent(),
    expect.stringContaining("計器の値が固定される"),
  );
  await japanese.context().close();
});
