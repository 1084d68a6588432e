import { expect, test } from "vitest";
import { createTestEmulator } from "../support/emulators.ts";

const number = /^-?\d+(\.\d+)?$/;
const word = /^[A-Za-z]\w*$/;
const time = /^\d{4}(\/\d\d\/\d\d|-\d\d-\d\d \d\d:\d\d:\d\d)$/;

test("Y14: no cell of a CSV file can be run as a formula", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  const formula = encodeURIComponent('=HYPERLINK("http://evil.example")');
  for (const path of [
    `/set/emu/E001?rsoc=${formula}`,
    "/set/emu/E001?ups_operation_schedule=-1",
    "/set/emu/E001?rsoc=3",
  ])
    await tested.get(path);
  for (const of of ["summary", "individual"] as const) {
    const request = { of, fromDay: 0, toDay: 9, format: "csv" } as const;
    const text = [...tested.emulator.writeExport(request, 3 * 86_400_000)].join("");
    const rows = text.split("\r\n").filter((line) => line !== "");
    expect(rows.length).toBeGreaterThan(3);
    const cells = rows.flatMap((row) => row.split(",")).filter((cell) => cell !== "");
    expect(cells.filter((cell) => ![number, word, time].some((shape) => shape.test(cell)))).toEqual([]);
  }
});
