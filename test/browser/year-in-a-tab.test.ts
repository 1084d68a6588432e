import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import exchange from "../../docs/examples/exchange.js";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { Community, readData } from "../../src/laboratory/index.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { countOf } from "../support/counts.ts";

/** The checkout, as any server of files gives it. */
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const types = { html: "text/html", js: "text/javascript", csv: "text/csv" };
  const ending = pathname.split(".").at(-1) as keyof typeof types;
  try {
    const content = await readFile(join(projectFolder, pathname));
    response.writeHead(200, { "content-type": types[ending] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
let browser: Browser;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

test("J20: the page of the examples steps homes in the visitor's own tab, to the bits of the package", async () => {
  const [homes, days] = [countOf(100, 6), countOf(365, 5)];
  const { port } = server.address() as AddressInfo;
  const { page, problems } = await openPage(
    browser,
    `http://127.0.0.1:${port}/docs/examples/year-in-a-tab.html`,
  );
  await page.fill("#homes", String(homes));
  await page.fill("#days", String(days));
  await page.click("#run");
  await page.waitForSelector("table:not([hidden])", { timeout: 300_000 });
  expect(await page.textContent("#message")).toContain(`${homes} homes, ${days} days, twice`);
  const shown = await page.locator("tbody tr").allInnerTexts();
  const read = (name: string) => readFile(join(projectFolder, "data/input/Sample", name), "utf8");
  const data = await readData({
    solar: await read("sample_solar_data.csv"),
    demand: await read("sample_load_data.csv"),
  });
  const ledgers = [() => ({ seconds: 900 }), exchange].map((strategy) => {
    const community = Community.create({ data, homes });
    while (community.timeS < days * 86_400) community.step(strategy(community));
    return community.ledger();
  });
  const kWh = (column: Float64Array) =>
    (column.reduce((sum, energyWh) => sum + energyWh, 0) / 1000).toLocaleString("en", {
      maximumFractionDigits: 1,
    });
  const rows = (["solarWh", "curtailedSolarWh", "demandWh", "acIntakeWh", "toDcGridWh"] as const).map(
    (account) => ledgers.map((ledger) => kWh(ledger[account])),
  );
  expect(shown.map((row) => row.split("\t").slice(1))).toEqual(rows);
  expect(problems).toEqual([]);
  await page.context().close();
});
