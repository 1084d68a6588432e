import type { Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { UnitHistory } from "../../src/community/records/history.ts";
import { openControls, press } from "../support/browser.ts";
import { card, eventually, field, type Screen, said, setRefresh, startScreen } from "./screen.ts";

let screen: Screen;
const time = (page: Page) => page.locator(".clock-time").textContent();
const connection = (page: Page) => page.locator(".connection").textContent();

beforeAll(async () => {
  screen = await startScreen();
  await screen.set("/time/step?seconds=110000");
});
afterAll(() => screen.close());

test("U31: The clock is that of the values shown and never runs ahead of them", async () => {
  const page = await screen.openWithClock("units");
  await eventually(() => connection(page), "Live");
  await screen.set("/set/acc/60");
  await eventually(() => page.locator(".clock-rate").textContent(), "× 60");
  const before = await time(page);
  await page.clock.fastForward(4000);
  await page.waitForTimeout(300);
  expect(await time(page)).toBe(before);
  await page.clock.fastForward(1000);
  await expect.poll(() => time(page)).not.toBe(before);
  await screen.set("/set/acc/0");
  const { time: now } = await screen.state();
  await eventually(() => time(page), now.slice(11));
  await page.context().close();
});

test("U31: What is late is not called live, nor is what stands still", async () => {
  const page = await screen.open("units", {});
  await eventually(() => connection(page), "Live");
  await page.evaluate(() => {
    WebSocket.prototype.send = () => {};
  });
  await expect
    .poll(() => connection(page), { timeout: 9000 })
    .toMatch(/^Waiting for an answer; values of 2020-/);
  await setRefresh(page, false);
  await eventually(() => connection(page), "Standing still: Auto Refresh is off");
  await page.context().close();
});

test("U31: The rate counts sleeptime", async () => {
  const context = await screen.browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.routeWebSocket(/\/live$/, (socket) => socket.close());
  await page.route("**/state/columns", async (route) => {
    const state = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...state, acceleration: 10, sleepTimeS: 4 } });
  });
  await page.goto(screen.server.url);
  await eventually(() => page.locator(".clock-rate").textContent(), "× 2.5");
  await context.close();
});

test("U31: With Auto Refresh off a home read alone says of which moment it is, and the clock stays", async () => {
  const page = await screen.open("units");
  await eventually(() => connection(page), "Live");
  await setRefresh(page, false);
  const before = await time(page);
  await screen.set("/set/acc/1000");
  await page.waitForTimeout(100);
  await screen.set("/set/acc/0");
  await card(page, "E002").getByRole("button", { name: "Read", exact: true }).click();
  await said(page, "Read E002 as of");
  const now = (await screen.state()).time.slice(11);
  expect(await card(page, "E002").locator(".as-of").textContent()).toContain(`as of 2020-01-02 ${now}`);
  expect(await card(page, "E001").locator(".as-of").textContent()).toBe("");
  expect(await time(page)).toBe(before);
  await press(page, "Read All");
  await eventually(() => card(page, "E002").locator(".as-of").textContent(), "");
  expect(await time(page)).toBe(now);
  await page.context().close();
});

test("U31: Clock, time bar and messages stay in sight, however far the page is scrolled", async () => {
  for (const viewport of [
    { width: 1440, height: 700 },
    { width: 390, height: 700 },
  ]) {
    const page = await screen.open("units", { viewport });
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    for (const part of [".clock", "#hold"]) {
      const box = await page.locator(part).boundingBox();
      expect(box?.y, part).toBeGreaterThanOrEqual(0);
      expect(box?.y, part).toBeLessThan(110);
    }
    await press(page, "Read All");
    await said(page, "Read");
    const message = await page.locator(".messages").boundingBox();
    expect((message?.y ?? 0) + (message?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    await page.context().close();
  }
});

for (const [name, answer] of [
  ["no answer", null],
  [
    "an answer of something on the way",
    { status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" },
  ],
] as const) {
  test(`U32: With ${name}, a command may have been carried out, and a read has read nothing`, async () => {
    const page = await screen.open("units");
    await page.route(/\/(save|state\/columns)$/, (route) =>
      answer === null ? route.abort() : route.fulfill({ ...answer }),
    );
    await press(page, "Save All");
    await said(page, "No answer came from the emulator; it may have been carried out");
    await press(page, "Read All");
    await said(page, "nothing could be read");
    await page.unroute(/\/(save|state\/columns)$/);
    await page.route("**/state/columns", (route) => route.abort());
    await press(page, "Save All");
    await said(page, "It was carried out, but no answer came when the values were read afterwards");
    await page.context().close();
  });
}

test("U32: Set All says which homes gave no answer, and Set that recomputed values have no effect", async () => {
  const page = await screen.open("units");
  await field(page, "E001", "p1").fill("5");
  expect(await card(page, "E001").locator(".field-name small").allTextContents()).toEqual(
    Array(3).fill("recomputed"),
  );
  await field(page, "E001", "p1").press("Enter");
  await said(
    page,
    "E001: nothing took effect. No effect, since computed anew from the others: Powermeter all.",
  );
  await page.route("**/set/emu/E002", (route) => route.abort());
  await field(page, "E002", "rsoc").fill("41");
  await press(page, "Set All");
  await said(page, "No answer came for E002: it may have been carried out there");
  expect(await field(page, "E002", "rsoc").inputValue()).toBe("41");
  await page.context().close();
});

test("U33: What Set says stands in its card, in sight", async () => {
  const page = await screen.open("units", { viewport: { width: 700, height: 500 } });
  await field(page, "E001", "rsoc").fill("43");
  await card(page, "E001").getByRole("button", { name: "Set", exact: true }).click();
  const place = card(page, "E001").locator(".said");
  await place.filter({ hasText: "E001: set rsoc 43" }).waitFor();
  const box = await place.boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(500);
  await press(page, "Read All");
  await eventually(() => place.textContent(), "");
  await page.context().close();
});

test("U34: Reset says how many homes remain, and keeps their number if asked to; Add takes a number", async () => {
  const page = await screen.open("units");
  const dialog = page.getByRole("dialog");
  await press(page, "Add Unit");
  await dialog.getByLabel("Number of homes").fill("1,000");
  await dialog.getByRole("button", { name: "Add Unit" }).click();
  await dialog.getByText("does “1,000” mean 1.000 or 1000?").waitFor();
  await dialog.getByLabel("Number of homes").fill("1.5");
  await page.keyboard.press("Enter");
  await dialog.getByText("“1.5” is not possible; allowed is a number from 1 to 999.").waitFor();
  await dialog.getByLabel("Number of homes").fill("５");
  await dialog.getByRole("button", { name: "Add Unit" }).click();
  await said(page, "Added E005 to E009; there are 9 homes now.");
  await press(page, "Add Unit");
  await dialog.getByLabel("Number of homes").fill("999");
  await page.keyboard.press("Enter");
  await said(page, "There would be too many homes; at most 1,000 are allowed here.");
  await press(page, "Reset");
  expect(await dialog.textContent()).toContain("all 9 homes");
  expect(await dialog.textContent()).toContain("It has 6 homes: so many there will be");
  await dialog.getByRole("checkbox", { name: "Keep 9 homes" }).check();
  await dialog.getByRole("button", { name: "Reset" }).click();
  await said(page, "Reset to 9 homes");
  expect((await screen.state()).units).toHaveLength(9);
  await press(page, "Reset");
  await dialog.getByRole("button", { name: "Reset" }).click();
  await said(page, "Reset to 6 homes");
  await screen.set("/restart?units=4");
  await page.context().close();
});

test("U29: A card takes full-width digits and decimal commas, and asks back what may mean two numbers", async () => {
  const page = await screen.open("units", { locale: "ja-JP" });
  await field(page, "E001", "rsoc").fill("５５，５％");
  await field(page, "E001", "ups_output_power").fill("1.234,5 W");
  await field(page, "E001", "mode").selectOption({ label: "充電 (0x0041)" });
  await field(page, "E001", "rsoc").press("Enter");
  await said(page, "E001：充電率 rsoc 55.5\u00a0%、".replace("、", ", "));
  expect(await screen.unit("E001")).toMatchObject({
    stateOfChargePercent: 55.5,
    demandPowerW: 1234.5,
    converterMode: "charging",
  });
  await field(page, "E001", "ups_output_power").fill("1,234");
  await field(page, "E001", "ups_output_power").press("Enter");
  await said(page, "UPS 出力電力：「1,234」は 1.234 ですか、1234 ですか");
  expect(await page.locator("#E001-ups_output_power-refusal").textContent()).toContain("1234 ですか");
  expect((await screen.unit("E001")).demandPowerW).toBe(1234.5);
  await openControls(page);
  await page.locator("#acceleration").fill("－５");
  await page.locator("#acceleration").press("Enter");
  await said(page, "加速率：「－５」は使えません。0 から 100,000 まで");
  await field(page, "E001", "ups_output_power").fill("多い W");
  await field(page, "E001", "ups_output_power").press("Enter");
  await said(page, "UPS 出力電力：「多い W」は使えません");
  await page.locator("#jump").fill("99");
  await page.locator("#jump").press("Enter");
  await said(page, "住宅「99」はありません");
  await page.locator("#jump").fill("２");
  await page.locator("#jump").press("Enter");
  await eventually(() => page.evaluate(() => document.activeElement?.id), "E002-charge_discharge_power");
  await eventually(() => page.locator("form .said").first().textContent(), "");
  await page.context().close();
});

test("U35: On paper all is light, whole and without buttons, and charts are drawn anew", async () => {
  const page = await screen.open("charts", { colorScheme: "dark" });
  const chart = page.locator(".chart canvas").first();
  await chart.waitFor();
  const ink = () =>
    chart.evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pen = (canvas as HTMLCanvasElement).getContext("2d") as CanvasRenderingContext2D;
      const pixels = pen.getImageData(0, 0, Math.round(width * 0.05), height).data;
      let darkest = 255;
      for (let i = 0; i < pixels.length; i += 4)
        if ((pixels[i + 3] ?? 0) > 200) darkest = Math.min(darkest, pixels[i] ?? 255);
      return darkest;
    });
  expect(await ink()).toBeGreaterThan(150);
  await page.emulateMedia({ media: "print" });
  await expect.poll(ink).toBeLessThan(60);
  expect((await chart.boundingBox())?.width).toBeLessThanOrEqual(660);
  const buttons = page.locator("button:visible:not(.chart-legend button), select:visible, input:visible");
  expect(await buttons.count()).toBe(0);
  expect(await page.locator(".range-words").isVisible()).toBe(true);
  await page.emulateMedia({ media: "screen" });
  await expect.poll(ink).toBeGreaterThan(150);
  await page.context().close();
});

test("U36: No home leaves a chart unasked", async () => {
  await screen.set("/add/unit?count=3");
  const page = await screen.open("charts");
  const names = () => page.locator(".chart-legend").first().locator("button").allTextContents();
  const show = async (home: string) => {
    await page.locator("#add-home").fill(home);
    await page.locator("#add-home").press("Enter");
  };
  for (const home of ["1", "e2", "E003", "4", "5", "6"]) {
    await show(home);
    await said(page, `E00${home.at(-1)} is drawn`);
  }
  await eventually(async () => (await names()).slice(2), ["E001", "E002", "E003", "E004", "E005", "E006"]);
  await show("7");
  await page.locator(".toolbar .said").filter({ hasText: "E007 is not. Hide one of them first." }).waitFor();
  expect(await names()).toHaveLength(8);
  const color = () =>
    page
      .locator(".chart-legend button", { hasText: "E003" })
      .locator(".swatch")
      .evaluate((swatch) => getComputedStyle(swatch).color);
  const before = await color();
  await page.getByRole("button", { name: "Hide E001" }).click();
  await eventually(async () => (await names()).includes("E001"), false);
  expect(await color()).toBe(before);
  await page.goto(`${screen.server.url}/#/help`);
  await page.goto(`${screen.server.url}/#/charts`);
  await eventually(async () => (await names()).length, 7);
  await screen.set("/restart?units=4");
  await page.context().close();
});

test("U36: Legends hide lines and show them again by keyboard and by touch", async () => {
  const page = await screen.open("unit/E001", { hasTouch: true });
  const solar = page.locator(".chart-legend button", { hasText: "Solar" });
  const chart = page.locator(".chart canvas").nth(1);
  await solar.waitFor();
  const picture = () => chart.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const whole = await picture();
  await solar.focus();
  await page.keyboard.press("Space");
  expect(await solar.getAttribute("aria-pressed")).toBe("false");
  await expect.poll(picture).not.toBe(whole);
  await solar.tap();
  expect(await solar.getAttribute("aria-pressed")).toBe("true");
  await expect.poll(picture).toBe(whole);
  await page.context().close();
});

/** Where a line's colour is in a column of a chart's plot [CSS px from its top], at a share of its width. */
async function inkOf(chart: Locator, colorName: string, shares: readonly number[]): Promise<number[][]> {
  return chart.evaluate(
    (figure, { colorName, shares }) => {
      const canvas = figure.querySelector("canvas") as HTMLCanvasElement;
      const over = figure.querySelector(".u-over") as HTMLElement;
      const probe = document.createElement("i");
      probe.style.color = `var(--${colorName})`;
      figure.append(probe);
      const wanted = (getComputedStyle(probe).color.match(/\d+/g) ?? []).slice(0, 3).map(Number);
      probe.remove();
      const ratio = canvas.width / canvas.clientWidth;
      const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
      return shares.map((share) => {
        const x = Math.round((over.offsetLeft + share * over.clientWidth) * ratio);
        const { data } = pen.getImageData(x, over.offsetTop * ratio, 1, over.clientHeight * ratio);
        const isInk = (y: number) => wanted.every((each, i) => Math.abs(each - (data[y * 4 + i] ?? 0)) < 12);
        return Array.from({ length: data.length / 4 }, (_, y) => y)
          .filter((y) => isInk(y) && (data[y * 4 + 3] ?? 0) > 200)
          .map((y) => y / ratio);
      });
    },
    { colorName, shares },
  );
}

test("U30: A mean power is drawn level over the whole of its bin, as high as it is", async () => {
  await screen.set("/restart?clock=start&units=4");
  for (const watts of [300, 900, 500]) {
    await screen.set(`/set/emu/E001?ups_output_power=${watts}`);
    await screen.set("/time/step?seconds=6");
  }
  const page = await screen.open("help");
  const asked = page.waitForRequest(/\/history/);
  await page.goto(`${screen.server.url}/#/unit/E001`);
  const { pathname, search } = new URL((await asked).url());
  const history = await screen.get<UnitHistory>(pathname + search);
  const chart = page.locator(".chart").nth(1);
  await chart.locator("canvas").waitFor();
  await page.waitForTimeout(200);
  const length = history.toS - history.fromS;
  const { solarW, demandW, acIntakeW, gridW, wastedW } = history;
  const greatest = Math.max(...[solarW, demandW, acIntakeW, gridW, wastedW].flat().map(Number));
  const height = await chart.locator(".u-over").evaluate((over) => over.clientHeight);
  expect(new Set(demandW).size).toBeGreaterThanOrEqual(3);
  const places = [0.1, 0.5, 0.9];
  const shares = history.timeS.flatMap((beginS, bin) =>
    places.map((place) => (beginS - history.fromS + place * (history.lengthS[bin] ?? 0)) / length),
  );
  const ink = await inkOf(chart, "demand", shares);
  demandW.forEach((watts, bin) => {
    const y = height * (1 - Number(watts) / (1.05 * greatest));
    for (const [place] of places.entries()) {
      const drawn = ink[bin * places.length + place] ?? [];
      expect(drawn.length, `bin ${bin}`).toBeGreaterThan(0);
      for (const each of drawn) expect(Math.abs(each - y), `bin ${bin}`).toBeLessThan(3);
    }
  });
  await page.context().close();
});

test("U36: On glass a finger reads a chart, and a tap a cell of the heat map; a second tap opens the home", async () => {
  const page = await screen.open("unit/E001", { hasTouch: true });
  const plot = page.locator(".chart .u-over").first();
  const moment = page.locator(".legend-moment").first();
  await plot.waitFor();
  const last = await moment.textContent();
  await plot.tap({ position: { x: 300, y: 80 } });
  await expect.poll(() => moment.textContent()).not.toBe(last);
  const tapped = await moment.textContent();
  const { x, y } = (await plot.boundingBox()) as { x: number; y: number };
  const finger = { pointerType: "touch", clientX: x + 600, clientY: y + 80, bubbles: true };
  await plot.dispatchEvent("pointermove", finger);
  await expect.poll(() => moment.textContent()).not.toBe(tapped);
  await page.goto(`${screen.server.url}/#/community`);
  const map = page.locator("canvas.heat");
  await page.locator(".range-words").filter({ hasText: "in bins" }).waitFor();
  const tap = () => map.tap({ position: { x: 600, y: 36 } });
  await tap();
  await eventually(async () => (await page.locator("#heat-cell").textContent())?.slice(0, 4), "E002");
  expect(page.url()).toContain("#/community");
  await tap();
  await page.waitForURL(/#\/unit\/E002$/);
  await page.context().close();
});

test("U36: What is loading, failed or empty has words", async () => {
  const page = await screen.open("help");
  const waiting: Route[] = [];
  await page.route(/\/history/, (route) => {
    waiting.push(route);
  });
  await page.goto(`${screen.server.url}/#/unit/E001`);
  const words = page.locator(".chart-words").first();
  await eventually(() => words.textContent(), "Loading …");
  const wordsAfterAnswer = async () => {
    for (const route of waiting.splice(0)) await route.abort();
    return words.textContent();
  };
  await expect.poll(wordsAfterAnswer).toContain("nothing could be read");
  await page.goto(`${screen.server.url}/#/community`);
  await page.locator("#filter").fill("nobody");
  await page.getByText("No home is like that").waitFor();
  await screen.set("/restart?clock=start&units=4");
  await page.unroute(/\/history/);
  await page.goto(`${screen.server.url}/#/charts`);
  await eventually(() => words.textContent(), "No time has passed yet: there is nothing to draw.");
  await page.context().close();
});

test("U36: Nothing broke and nothing was refused by the content security policy", () => {
  expect(screen.problems).toEqual([]);
});
