import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Results } from "../../src/community/records/results.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

let screen: Screen;

beforeAll(async () => {
  screen = await startScreen({ units: 4 });
  await screen.set("/set/emu/E001?rsoc=90");
  await screen.set("/set/dcdc/E001?mode=0x0014&dvg=350&drg=0&dig=4");
  await screen.set("/time/step?seconds=600");
  await screen.set("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  await screen.set("/time/step?seconds=7200");
  await screen.set("/snapshots/keep?name=early");
  await screen.set("/set/dcdc/E002?mode=0x0000&dvg=350&dig=2");
  await screen.set("/time/step?seconds=340000");
});
afterAll(() => screen.close());

/** The energies [Wh] of the picture's nodes by name. */
function nodesOf(page: Page): Promise<Record<string, number>> {
  return page
    .locator(".sankey g[data-node]")
    .evaluateAll((all) =>
      Object.fromEntries(
        all.map((node) => [node.getAttribute("data-node"), Number(node.getAttribute("data-wh"))]),
      ),
    );
}

test("U70: The nodes of the flows are the ledger's accounts, for the community and for a home; both sides are as high", async () => {
  for (const unit of ["", "E001"]) {
    const page = await screen.open(`results/${unit === "" ? "" : `unit=${unit}`}`);
    await page.locator(".sankey g[data-node]").first().waitFor();
    const { total } = await screen.get<Results>(`/results?by=span${unit === "" ? "" : `&unit=${unit}`}`);
    const { energies: e } = total;
    const nodes = await nodesOf(page);
    const expected: Record<string, number> = {
      "in.solar": e.solarWh - e.curtailedSolarWh,
      "in.acIntake": e.acIntakeWh,
      "in.fromBatteries": e.batteryChargedWh - e.batteryChangeWh,
      "in.fromNeighbours": e.fromDcGridWh,
      "out.demand": e.demandWh,
      "out.intoBatteries": e.batteryChargedWh,
      "out.toNeighbours": e.toDcGridWh,
      "out.acLosses": e.acLossWh,
      "out.dcLosses": e.dcLossWh,
    };
    for (const [name, wh] of Object.entries(expected)) {
      expect(Math.abs((nodes[name] ?? 0) - wh), name).toBeLessThan(1);
    }
    const sideOf = (side: string) =>
      Object.entries(nodes).reduce((sum, [name, wh]) => (name.startsWith(side) ? sum + wh : sum), 0);
    expect(Math.abs(sideOf("in.") - sideOf("out."))).toBeLessThan(1);
    await page.context().close();
  }
});

test("U70: On a phone and on a desk no label of the flows is cut, and none lies on another", async () => {
  for (const width of [390, 1440]) {
    const page = await screen.open("results", { viewport: { width, height: 844 } });
    await page.locator(".sankey-text").first().waitFor();
    const { frame, labels } = await page.locator(".sankey").evaluate((picture) => {
      const boxOf = (of: Element) => {
        const { left, right, top, bottom } = of.getBoundingClientRect();
        return { left, right, top, bottom };
      };
      return { frame: boxOf(picture), labels: [...picture.querySelectorAll(".sankey-text")].map(boxOf) };
    });
    expect(labels.length).toBeGreaterThan(6);
    for (const [index, { left, right, top, bottom }] of labels.entries()) {
      expect(left).toBeGreaterThanOrEqual(frame.left);
      expect(right).toBeLessThanOrEqual(frame.right);
      expect(bottom).toBeLessThanOrEqual(frame.bottom);
      for (const other of labels.slice(index + 1))
        expect(
          right <= other.left || left >= other.right || bottom <= other.top + 1 || top >= other.bottom - 1,
        ).toBe(true);
    }
    await page.context().close();
  }
});

test("U71: Span, home, bars and comparison stand in the address, which shows another the same", async () => {
  const page = await screen.open("results");
  const place = page.locator(".results");
  await place.getByRole("button", { name: "Last day" }).click();
  await place.locator("select").first().selectOption("E002");
  await place.getByLabel("What each bar is").selectOption("hour");
  await place.getByLabel("Held against", { exact: true }).first().selectOption("snapshot:early");
  await place.getByText("held against 2020-01-01").waitFor();
  const address = page.url();
  expect(address).toContain("#/results/newest=86400&unit=E002&by=hour&against=snapshot%3Aearly");
  const told = await place.locator(".tiles").textContent();
  const other = await screen.open(address.split("#/")[1] as string);
  await other.getByText("held against 2020-01-01").waitFor();
  await eventually(() => other.locator(".results .tiles").textContent(), told);
  expect(await other.locator(".against-line").count()).toBe(1);
  await other.context().close();
  await page.context().close();
});

test("U73: Deals of the span are listed, with giver, taker, holder, current, energies and efficiency", async () => {
  const page = await screen.open("results");
  const row = page.locator(".results table tr").filter({ hasText: "2020-01-01 00:10:00" });
  await row.waitFor();
  const cells = await row.locator("th, td").allTextContents();
  expect(cells.slice(0, 7)).toEqual([
    "2020-01-01 00:10:00",
    "2020-01-01 02:10:00",
    "E001",
    "E002",
    "E001",
    "2.00\u00a0A",
    "350.0\u00a0V",
  ]);
  await page.goto(`${screen.server.url}/#/results/unit=E003`);
  await page.getByText("Nothing was shared over the DC grid in this time.").waitFor();
  await page.context().close();
});

test("U72: Bars, accounts and homes are taken away as CSV, JSON and PNG", async () => {
  const page = await screen.open("results/by=day");
  await page.locator(".sankey g[data-node]").first().waitFor();
  const take = async (name: string, nth = 0) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(".results").getByRole("button", { name }).nth(nth).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  };
  const csv = await take("CSV");
  expect(csv.name).toBe("results-community-2020-01-01.csv");
  const rows = csv.bytes.toString().trim().split("\r\n");
  expect(rows[0]).toMatch(/^time,timeS,lengthS,solarWh,/);
  const json = JSON.parse((await take("JSON")).bytes.toString()) as Results;
  expect(rows).toHaveLength(json.timeS.length + 1);
  expect(json).toEqual(await screen.get("/results?by=day"));
  for (const nth of [0, 1]) expect((await take("PNG", nth)).bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(screen.problems).toEqual([]);
  await page.context().close();
});
