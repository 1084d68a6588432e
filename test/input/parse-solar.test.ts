import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SolarUnit } from "../../src/input/series/input-series.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";
import { maximumFileBytes } from "../../src/input/series/read-rows.ts";
import { refusalOf, solarText, toBytes } from "./csv-text.ts";

const parse = (text: string, unit: SolarUnit = "W/m2") => parseSolar("sun.csv", [toBytes(text)], unit);
const refusal = (text: string) => refusalOf(parse(text));
const expected = Float64Array.from({ length: 72 }, (_, index) => index + 0.25);

/** A file of three days with one cell replaced; row and column count from 1. */
function spoil(row: number, column: number, cell: string): string {
  const cells = solarText(3)
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  (cells[row - 1] as string[])[column - 1] = cell;
  return cells.map((line) => line.join(",")).join("\n");
}

describe("what is read", () => {
  test("I1: solar values are read as they are written", async () => {
    expect(await parse(solarText(3))).toMatchObject({ days: 3, values: expected });
    expect((await parse(spoil(1, 1, "1.5e2"))).values[0]).toBe(150);
    expect((await parse(spoil(1, 1, " 7 "))).values[0]).toBe(7);
  });

  test("I1: the golden solar file is read", async () => {
    const solar = await parseSolar("solar.csv", [await readFile("test/golden/solar.csv")]);
    expect([solar.days, solar.values.length, solar.values[7]]).toEqual([12, 288, 115.3]);
  });

  test.each([
    ["a byte-order mark", `\ufeff${solarText(3)}`],
    ["CRLF", solarText(3).replaceAll("\n", "\r\n")],
    ["both", `\ufeff${solarText(3).replaceAll("\n", "\r\n")}`],
    ["no newline at the end", solarText(3).trimEnd()],
    ["blank lines at the end", `${solarText(3)}\n  \n\r\n\n`],
    ["quotation marks", solarText(3).replaceAll(/[\d.]+/g, '"$&"')],
  ])("I2: %s changes nothing", async (_, text) => {
    expect((await parse(text)).values).toEqual(expected);
  });

  test("I3: how a file is cut into chunks changes nothing", async () => {
    const bytes = toBytes(`\ufeff${solarText(3).replaceAll("\n", "\r\n")}\r\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect((await parseSolar("sun.csv", chunks)).values).toEqual(expected);
      }),
    );
  });
});

describe("what is set right", () => {
  test("I6: small negative values, which sensors give at night, are read as 0, counted and placed", async () => {
    const spoilt = spoil(2, 5, "-3.5").replace("0.25", "-0.1").replace("1.25", "-0").replace("2.25", "-1e-9");
    const { values, survey } = await parse(spoilt);
    expect([values[0], values[1], values[2], values[28]]).toEqual([0, 0, 0, 0]);
    expect(values.every((value) => !Object.is(value, -0))).toBe(true);
    expect(survey).toMatchObject({ negatives: 3, lowest: { row: 2, column: 5, value: -3.5 } });
    expect((await parse(solarText(3))).survey).toMatchObject({ negatives: 0, lowest: null });
  });

  test.each([
    ["W/m2", "-20"],
    ["W", "-50"],
  ] as const)("I6: in %s that is down to %s", async (unit, cell) => {
    expect((await parse(spoil(1, 2, cell), unit)).values[1]).toBe(0);
  });

  test("I6: the largest value is read", async () => {
    expect((await parse(spoil(1, 2, "1e9"))).values[1]).toBe(1e9);
  });

  test.each([
    ["0, 1 … 23", (hour: number) => `${hour}`],
    ["quoted", (hour: number) => `"${hour}"`],
    ["1, 2 … 24", (hour: number) => `${hour + 1}`],
    ["floats", (hour: number) => `${hour}.0`],
  ])("I28: a first row that counts its columns (%s) is a header, said and skipped", async (_, write) => {
    const header = Array.from({ length: 24 }, (_, hour) => write(hour)).join(",");
    expect(await parse(`\ufeff${header}\r\n${solarText(3)}`)).toMatchObject({
      days: 3,
      values: expected,
      survey: { hasHeader: true, highest: { row: 4, column: 24 } },
    });
    expect(await refusal(`${header}\n`)).toEqual(["sun.csv", 2, null, "no rows after the header"]);
  });

  test("I28: a header between days, as of files put together, is refused", async () => {
    const row = Array.from({ length: 24 }, (_, hour) => hour).join(",");
    const reason = "a header that counts its columns, between days";
    expect(await refusal(`${row}\n${solarText(1)}${row}\n${solarText(1)}`)).toEqual([
      "sun.csv",
      3,
      null,
      reason,
    ]);
  });

  test("I28: a first row of whose values one is another is data", async () => {
    const row = Array.from({ length: 24 }, (_, hour) => hour).join(",");
    expect((await parse(`${row.replace(",7,", ",7.5,")}\n${solarText(1)}`)).days).toBe(2);
  });
});

describe("what is refused", () => {
  test.each([
    ["", "missing value"],
    ["  ", "missing value"],
  ])("I4: a missing value %j is refused", async (cell, reason) => {
    expect(await refusal(spoil(2, 5, cell))).toEqual(["sun.csv", 2, 5, reason]);
  });

  test.each(["sun", "0x10", "1 2", "12;13", "--1", "=A1", "1_000"])(
    "I5: text %j where a number belongs is refused",
    async (cell) => {
      const text = spoil(3, 24, `"${cell}"`);
      expect(await refusal(text)).toEqual(["sun.csv", 3, 24, `"${cell}" is not a number`]);
    },
  );

  test("I5: a decimal comma is named", async () => {
    for (const cell of ["1,5", "-0,25", "1.234,5"]) {
      const reason = `"${cell}" is not a number: a decimal point belongs, not a comma`;
      expect(await refusal(spoil(3, 24, `"${cell}"`))).toEqual(["sun.csv", 3, 24, reason]);
    }
  });

  test("I6: a first row of values that are not finite is no header", async () => {
    const row = Array.from({ length: 24 }, () => "NaN").join(",");
    expect(await refusal(`${row}\n${solarText(1)}`)).toEqual(["sun.csv", 1, 1, '"NaN" is not finite']);
  });

  test("I5: a header is text where numbers belong", async () => {
    const header = Array.from({ length: 24 }, (_, hour) => `${hour} h`).join(",");
    const reason =
      "a header row; wanted: for each day a row of its values, 24 or as many as a step of 1 to 60 minutes gives, or a value a row";
    expect(await refusal(`${header}\n${solarText(1)}`)).toEqual(["sun.csv", 1, null, reason]);
  });

  test.each([
    ["W/m2", "-20.01", "-20.01 W/m² is negative, below -20 W/m²"],
    ["W/m2", "-999", "-999 W/m² is negative, below -20 W/m²"],
    ["W/m2", "1000000001", "1000000001 W/m² is above 1000000000 W/m²"],
    ["W/m2", "1e308", "1e+308 W/m² is above 1000000000 W/m²"],
    ["W", "-50.5", "-50.5 W is negative, below -50 W"],
    ["W", "1e10", "10000000000 W is above 1000000000 W"],
  ] as const)("I6: in %s the value %s is refused", async (unit, cell, reason) => {
    expect(await refusalOf(parse(spoil(1, 2, cell), unit))).toEqual(["sun.csv", 1, 2, reason]);
  });

  test.each([
    ["NaN", '"NaN" is not finite'],
    ["Infinity", '"Infinity" is not finite'],
    ["-inf", '"-inf" is not finite'],
    ["1e999", '"1e999" is not finite'],
  ])("I6: the value %s is refused", async (cell, reason) => {
    expect(await refusal(spoil(1, 2, cell))).toEqual(["sun.csv", 1, 2, reason]);
  });

  test.each([
    ["0,".repeat(22).concat("0"), "23 values where 24 belong"],
    ["0,".repeat(24).concat("0"), "25 values where 24 belong"],
    ["0,".repeat(24), "25 values where 24 belong"],
    ["0", "1 value where 24 belong"],
  ])("I7: a row of another length is refused (%#)", async (row, reason) => {
    expect(await refusal(`${solarText(2)}${row}\n`)).toEqual(["sun.csv", 3, null, reason]);
  });

  test.each(["", "\ufeff", "\n", "\r\n \n"])("I8: the empty file %j is refused", async (text) => {
    expect(await refusal(text)).toEqual(["sun.csv", 1, null, "the file is empty"]);
  });

  test("I8: a blank line between rows is refused", async () => {
    const text = `${solarText(2)}\n\n${solarText(1)}`;
    expect(await refusal(text)).toEqual(["sun.csv", 3, null, "blank line between rows"]);
  });

  test("I8: a quotation mark that is not closed is refused", async () => {
    const [file, row] = await refusal(`${solarText(2)}1,"2,3\n${solarText(3)}`);
    expect([file, row]).toEqual(["sun.csv", 3]);
  });

  test("I9: a file over the size limit is refused", async () => {
    const chunks = [toBytes(solarText(1)), new Uint8Array(maximumFileBytes)];
    expect(await refusalOf(parseSolar("sun.csv", chunks))).toEqual([
      "sun.csv",
      null,
      null,
      "larger than 1024 MiB",
    ]);
  });

  test("I10: a refusal reads as one short line with file, row, column and reason", async () => {
    const text = spoil(2, 5, '"a long\ntext that goes on and on"');
    const error = await parse(text).catch((reason: Error) => reason.message);
    expect(error).toBe('sun.csv, row 2, column 5: "a long\\ntext that goe…" is not a number');
  });
});

describe("steps", () => {
  const read = (text: string) => parseSolar("sun.csv", [toBytes(text)]);
  const day = (points: number) => Array.from({ length: points }, (_, point) => point % 7).join(",");

  test("I7: a row holds a day at any step of whole minutes up to an hour", async () => {
    for (const points of [48, 96, 288, 1440]) {
      const { days, pointsPerDay, values } = await read(`${day(points)}\n${day(points)}\n`);
      expect([days, pointsPerDay, values.length]).toEqual([2, points, 2 * points]);
    }
  });

  test("I7: a value a row is an hour, or what makes the file a year", async () => {
    const column = (length: number) => Array.from({ length }, (_, index) => index % 9).join("\n");
    for (const [length, points] of [
      [48, 24],
      [8784, 24],
      [8760, 24],
      [17_520, 48],
      [35_136, 96],
    ] as const) {
      const { days, pointsPerDay } = await read(`ghi\n${column(length)}\n`);
      expect([days, pointsPerDay]).toEqual([length / points, points]);
    }
    expect((await refusalOf(read(column(25))))[3]).toBe("25 values, one a row, are no whole days of 24");
  });

  test("I7: a header of clock times is none of values, and one of intervals says that these are means", async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    const points = await read(`${hours.map((hour) => `${hour}:00`).join(",")}\n${day(24)}\n`);
    const means = await read(`${hours.map((hour) => `${hour}:00-${hour + 1}:00`).join(",")}\n${day(24)}\n`);
    expect([points.isMeans, means.isMeans, means.values]).toEqual([false, true, points.values]);
  });
});
