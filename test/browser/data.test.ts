import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { samples, textOf } from "../input/import-samples.ts";
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
  const undo = page.locator(".messages").getByRole("button", { name: "Undo" });
  await undo.click();
  await eventually(kept, ["now"]);
  await undo.click();
  await eventually(kept, ["before"]);
  await page.context().close();
});
