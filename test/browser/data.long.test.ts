import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { samples, textOf } from "../input/import-samples.ts";
import { findProblems } from "./find-problems.ts";
import { type Screen, startScreen } from "./screen.ts";

const sampleOf = (name: string) => samples.find(({ layout }) => layout === name) as (typeof samples)[number];
const fileOf = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

let screen: Screen;
beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());
afterEach(() => expect(screen.problems).toEqual([]));

test("U75: A file that is none is refused with file, row and column, and what is kept is discarded", async () => {
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
});

test("U75: Files that are dropped are read, on a phone and in the dark too", async () => {
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
});
