import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { demandCells, joinCells, refusalOf, toBytes } from "./csv-text.ts";

const parse = (cells: string[][]) => parseDemand("load.csv", [toBytes(joinCells(cells))]);

/** Three homes of two days with some cells replaced; row and column count from 1. */
function spoil(...changes: [row: number, column: number, cell: string][]): string[][] {
  const cells = demandCells(3, 2);
  for (const [row, column, cell] of changes) (cells[row - 1] as string[])[column - 1] = cell;
  return cells;
}

const refusal = (...changes: [row: number, column: number, cell: string][]) =>
  refusalOf(parse(spoil(...changes)));

describe("what is read", () => {
  test("I1: demand is read as watts, homes and days in their order", async () => {
    const { days, homes } = await parse(demandCells(3, 2));
    expect([days, homes.length]).toEqual([2, 3]);
    for (const [home, values] of homes.entries())
      expect(values).toEqual(Float64Array.from({ length: 96 }, (_, index) => (home * 2 + 1) * 48 + index));
  });

  test("I1: every kW value of three decimals becomes exactly its whole watts", async () => {
    for (let firstW = 0; firstW < 120_000; firstW += 48 * 100) {
      const cells = demandCells(1, 100);
      for (const [index, row] of cells.slice(1).entries())
        row.splice(6, 48, ...Array.from({ length: 48 }, (_, i) => String((firstW + index * 48 + i) / 1000)));
      const { homes } = await parse(cells);
      expect(homes[0]).toEqual(Float64Array.from({ length: 4800 }, (_, index) => firstW + index));
    }
  });

  test("I1: finer demand keeps its fraction of a watt, and more than 65,535 W is read", async () => {
    const { homes } = await parse(spoil([2, 7, "0.12345"], [2, 8, "65.536"], [2, 9, "1e6"]));
    expect(homes[0]?.subarray(0, 3)).toEqual(Float64Array.of(0.12345 * 1000, 65_536, 1e9));
  });

  test("I1: row numbers and weekdays are not looked at", async () => {
    expect((await parse(spoil([2, 1, "first"], [3, 6, "Fri"], [4, 6, ""]))).homes).toHaveLength(3);
  });

  test("I1: the golden demand file is read", async () => {
    const { days, homes } = await parseDemand("load.csv", [await readFile("test/golden/load.csv")]);
    expect([days, homes.length, homes[0]?.[0], homes[0]?.[47]]).toEqual([12, 6, 182, 278]);
  });

  test("I2: byte-order mark, CRLF and blank lines at the end change nothing", async () => {
    const text = `\ufeff${joinCells(demandCells(2, 2))}\n\n`.replaceAll("\n", "\r\n");
    const demand = await parseDemand("load.csv", [toBytes(text)]);
    expect(demand).toEqual(await parse(demandCells(2, 2)));
  });

  test("I2: a header in another encoding is accepted", async () => {
    const header = Uint8Array.of(0x94, 0xd4, 0x8d, 0x86, 0x0a);
    const rows = toBytes(joinCells(demandCells(1, 2).slice(1)));
    expect((await parseDemand("load.csv", [header, rows])).days).toBe(2);
  });

  test("I12: demand without dates is accepted", async () => {
    const cells = spoil();
    for (const row of cells.slice(1)) row.splice(2, 3, "", "", "");
    expect((await parse(cells)).days).toBe(2);
  });

  test("I12: a home without dates beside one with dates is accepted", async () => {
    const cells = spoil();
    for (const row of cells.slice(1, 3)) row.splice(2, 3, "", "", "");
    const { firstDate } = (await parse(cells)).survey;
    expect(firstDate).toEqual({ date: "2020-02-27", row: 4 });
  });

  test("I28: a header that counts its columns is a header", async () => {
    const cells = spoil();
    cells[0] = Array.from({ length: 54 }, (_, column) => String(column));
    expect((await parse(cells)).homes).toHaveLength(3);
  });

  test("I30: the first date is told with its row", async () => {
    expect((await parse(spoil())).survey.firstDate).toEqual({ date: "2020-02-27", row: 2 });
    const cells = spoil();
    for (const row of cells.slice(1)) row.splice(2, 3, "", "", "");
    expect((await parse(cells)).survey.firstDate).toBeNull();
  });
});

describe("what is refused", () => {
  test("I4: a missing value is refused", async () => {
    expect(await refusal([3, 54, ""])).toEqual(["load.csv", 3, 54, "missing value"]);
    expect(await refusal([3, 2, " "])).toEqual(["load.csv", 3, 2, "missing value"]);
    expect(await refusal([3, 4, ""])).toEqual(["load.csv", 3, 4, "missing value"]);
  });

  test("I5: text where a number belongs is refused", async () => {
    expect(await refusal([7, 7, "off"])).toEqual(["load.csv", 7, 7, '"off" is not a number']);
    expect(await refusal([2, 3, "MMXX"])).toEqual(["load.csv", 2, 3, '"MMXX" is not a number']);
  });

  test.each([
    ["-1", '"-1" is negative'],
    ["nan", '"nan" is not finite'],
    ["1e999", '"1e999" is not finite'],
    ["1e307", "1e+307 kW is above 1000000 kW"],
    ["1000001", "1000001 kW is above 1000000 kW"],
  ])("I6: the value %s is refused", async (cell, reason) => {
    expect(await refusal([4, 30, cell])).toEqual(["load.csv", 4, 30, reason]);
  });

  test("I7: a row of another length is refused", async () => {
    const short = spoil();
    short[4]?.pop();
    expect(await refusalOf(parse(short))).toEqual(["load.csv", 5, null, "53 values where 54 belong"]);
    expect(await refusal([5, 54, "1,1"])).toEqual(["load.csv", 5, null, "55 values where 54 belong"]);
  });

  test("I8: a file without rows or without header is refused", async () => {
    const [header, ...rows] = spoil() as [string[], ...string[][]];
    expect(await refusalOf(parse([header]))).toEqual(["load.csv", 2, null, "no rows after the header"]);
    expect(await refusalOf(parse(rows))).toEqual(["load.csv", 1, null, "the header row is missing"]);
    expect(await refusalOf(parse([]))).toEqual(["load.csv", 1, null, "the file is empty"]);
  });

  test("I11: homes have any names, in the order of the file, and their rows stand together", async () => {
    const named = spoil(
      [2, 2, "b-101"],
      [3, 2, "b-101"],
      [4, 2, " 7 "],
      [5, 2, "7"],
      [6, 2, "1.5"],
      [7, 2, "1.5"],
    );
    expect((await parse(named)).homes).toEqual((await parse(spoil())).homes);
    expect(await refusal([6, 2, "1"])).toEqual([
      "load.csv",
      6,
      2,
      "home 1 again, after home 2; the rows of a home stand together",
    ]);
  });

  test("I13: homes with unequal numbers of days are refused", async () => {
    const without = (row: number) => spoil().toSpliced(row - 1, 1);
    const tooFew = (home: number) => `home ${home} has 1 of the 2 days of home 1`;
    expect(await refusalOf(parse(without(5)))).toEqual(["load.csv", 5, 2, tooFew(2)]);
    expect(await refusalOf(parse(without(7)))).toEqual(["load.csv", 6, 2, tooFew(3)]);
    expect(await refusalOf(parse(without(3)))).toEqual([
      "load.csv",
      4,
      2,
      "home 2 has more days than home 1, which has 1",
    ]);
  });

  test.each([
    ["skipped", [3, 5, "29"], "2020-02-29 where 2020-02-28 belongs"],
    ["repeated", [3, 5, "27"], "2020-02-27 where 2020-02-28 belongs"],
    ["out of order", [3, 3, "2019"], "2019-02-28 where 2020-02-28 belongs"],
  ] as const)("I12: a date that is %s is refused", async (_, change, reason) => {
    expect(await refusal([...change])).toEqual(["load.csv", 3, 5, reason]);
  });

  test("I12: dates run on over a leap day", async () => {
    expect((await parse(demandCells(1, 4))).days).toBe(4);
  });

  test.each([
    [[2, 4, "13"], 4, "13 is not a month"],
    [[2, 5, "30"], 5, "30 is not a day of that month"],
    [[2, 5, "1.5"], 5, '"1.5" is not a whole number'],
    [[2, 3, "0"], 3, "0 is not a year of four digits; dates stand as year, month, day"],
    [[2, 3, "27"], 3, "27 is not a year of four digits; dates stand as year, month, day"],
  ] as const)("I12: a date that does not exist is refused (%#)", async (change, column, reason) => {
    expect(await refusal([...change])).toEqual(["load.csv", 2, column, reason]);
  });

  test("I12: month and day in each other's place are named", async () => {
    const cells = demandCells(1, 2);
    cells[1]?.splice(2, 3, "2020", "1", "1");
    cells[2]?.splice(2, 3, "2020", "2", "1");
    const reason = "2020-02-01 where 2020-01-02 belongs; dates stand as year, month, day";
    expect(await refusalOf(parse(cells))).toEqual(["load.csv", 3, 5, reason]);
  });

  test("I11: rows in order of day, then of home, are named", async () => {
    const [header, ...rows] = demandCells(3, 2) as [string[], ...string[][]];
    const byDay = [0, 2, 4, 1, 3, 5].map((index) => rows[index] as string[]);
    const reason =
      "home 1 again, after home 3; rows are in order of home, then of day, not of day, then of home";
    expect(await refusalOf(parse([header, ...byDay]))).toEqual(["load.csv", 5, 2, reason]);
  });

  test("I7: a day has as many values as its header, at any step of whole minutes up to an hour", async () => {
    for (const points of [24, 72, 96, 144, 1440]) {
      const cells = demandCells(2, 2).map((row, index) => [
        ...row.slice(0, 6),
        ...Array.from({ length: points }, (_, point) => (index === 0 ? `p${point}` : String(point / 1000))),
      ]);
      const { pointsPerDay, isMeans, homes } = await parse(cells);
      expect([pointsPerDay, isMeans, homes[1]?.length, homes[1]?.at(-1)]).toEqual([
        points,
        false,
        2 * points,
        points - 1,
      ]);
    }
    const odd = demandCells(1, 1).map((row) => [...row, "1", "2"]);
    expect((await refusalOf(parse(odd)))[3]).toMatch(/^56 values where 54 belong/);
  });

  test("I7: a header of intervals says that values are means", async () => {
    const cells = demandCells(1, 1);
    cells[0]?.splice(6, 48, ...Array.from({ length: 48 }, (_, point) => `${point}:00-${point}:30`));
    expect((await parse(cells)).isMeans).toBe(true);
  });

  test("I29: homes of other dates beside each other are refused", async () => {
    const later = await refusal([4, 3, "2023"], [5, 3, "2023"]);
    expect(later.slice(0, 3)).toEqual(["load.csv", 4, 3]);
    expect(later[3]).toMatch(/^home 2 begins on 2023-02-27, home 1 on 2020-02-27; the days of all homes/);
    expect((await refusal([6, 5, "28"], [7, 5, "29"]))[3]).toMatch(/^home 3 begins on 2020-02-28, home 1/);
  });

  test("I12: a date that goes missing is refused", async () => {
    expect(await refusal([3, 3, ""], [3, 4, ""], [3, 5, ""])).toEqual(["load.csv", 3, 3, "missing value"]);
  });
});
