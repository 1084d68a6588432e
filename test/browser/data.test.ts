import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { samples, textOf } from "../input/import-samples.ts";
import { countOf } from "../support/counts.ts";
import { findProblems } from "./find-problems.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

const sampleOf = (name: string) => samples.find(({ layout }) => layout === name) as (typeof samples)[number];
const fileOf = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const files = [fileOf("load.csv", textOf(sampleOf("days"))), fileOf("sun.epw", textOf(sampleOf("epw")))];

let screen: Screen;
beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());
afterEach(() => expect(screen.problems).toEqual([]));

interface Kept {
  readonly data: readonly { readonly id: string; readonly used: string }[];
}
const kept = () => screen.get<Kept>("/data").then(({ data }) => data.map(({ used }) => used));

test("U75: Files are chosen, their report is read, and then they are used; nothing is used before", async () => {
  const page = await screen.open("community");
  await page.getByRole("button", { name: /▾$/ }).first().click();
  await page.getByRole("link", { name: "Data …" }).click();
  await page.getByText("No data of your own are kept.").waitFor();
  await page.locator("input[type=file]").setInputFiles(files);
  await page.getByText("2 homes, 4 days, 2021-01-01 – 2021-01-04").waitFor();
  expect(await page.locator(".data-drawing").count()).toBe(4);
  expect(await page.getByRole("table", { name: "Files" }).locator("tbody tr").allTextContents()).toEqual([
    expect.stringMatching(/^load\.csvdayskW \(assumed\)15 min/),
    expect.stringMatching(/^sun\.epwepwWh\/m260 minholds up to its moment/),
  ]);
  expect(await kept()).toEqual(["never"]);
  expect(await findProblems(page)).toEqual([]);
  // The focus stands at the report: its first button is the next.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await eventually(kept, ["now"]);
  await page.getByText("A chapter begins with these data.").first().waitFor();
  await page.getByRole("button", { name: "Use the emulator’s own data again" }).click();
  await eventually(kept, ["before"]);
  await page.context().close();
});

test.runIf(countOf(1, 0) > 0)(
  "U75: A file that is none is refused with file, row and column, and what is kept is discarded",
  async () => {
    const page = await screen.open("data", { locale: "ja-JP" });
    const text = textOf(sampleOf("long")).replace("0.0110", "ten");
    await page.locator("input[type=file]").setInputFiles([fileOf("haus.csv", text)]);
    await page
      .locator(".said")
      .getByText(/^受け付けられません：haus\.csv, row \d+, column 3: "ten" is not a number/)
      .waitFor();
    await page.locator("input[type=file]").setInputFiles([fileOf("haus.csv", textOf(sampleOf("long")))]);
    await page.getByText("このデータだけでは使えません。").waitFor();
    expect(await findProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "破棄", exact: true }).click();
    await page.locator(".said").getByText("データを破棄しました。").waitFor();
    await page.context().close();
  },
);

test.runIf(countOf(1, 0) > 0)(
  "U75: Files that are dropped are read, on a phone and in the dark too",
  async () => {
    for (const options of [
      { viewport: { width: 390, height: 844 } },
      { colorScheme: "dark" as const, viewport: { width: 1440, height: 900 } },
    ]) {
      const page = await screen.open("data", options);
      const transfer = await page.evaluateHandle(
        (text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.csv"));
          return data;
        },
        textOf(sampleOf("days")),
      );
      await page.dispatchEvent(".data-drop", "drop", { dataTransfer: transfer });
      await page.getByRole("table", { name: "Files" }).getByText("dropped.csv").waitFor();
      expect(await findProblems(page)).toEqual([]);
      const isWide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      expect(isWide).toBe(false);
      await page.context().close();
    }
  },
);
