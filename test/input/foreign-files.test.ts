import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";
import { demandCells, joinCells, refusalOf, solarText, toBytes } from "./csv-text.ts";

const solarRefusal = async (...chunks: Uint8Array[]) =>
  (await refusalOf(parseSolar("sun.csv", chunks))).slice(1);
const demandRefusal = async (...chunks: Uint8Array[]) =>
  (await refusalOf(parseDemand("load.csv", chunks))).slice(1);
const demandText = joinCells(demandCells(2, 2));
const inRow = (count: number, cell = "0.5") => Array.from({ length: count }, () => cell).join(",");

/** A text in UTF-16. */
function toUtf16(text: string, order: "little-endian" | "big-endian", hasMark: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length + (hasMark ? 2 : 0)));
  const units = hasMark ? `\ufeff${text}` : text;
  for (let index = 0; index < units.length; index++)
    bytes.setUint16(2 * index, units.charCodeAt(index), order === "little-endian");
  return new Uint8Array(bytes.buffer);
}

/** A file as Excel in a country of decimal commas saves it. */
const inGerman = (text: string, separator = ";") => text.replaceAll(",", separator).replaceAll(".", ",");

describe("encodings", () => {
  test.each([
    ["little-endian", true],
    ["little-endian", false],
    ["big-endian", true],
    ["big-endian", false],
  ] as const)("I27: UTF-16 (%s, with a mark: %s) is named, however it is cut", async (order, hasMark) => {
    const reason = `the file is UTF-16 (${order}), not UTF-8; save it as UTF-8`;
    for (const text of [solarText(3), inGerman(solarText(3), "\t")]) {
      const bytes = toUtf16(text, order, hasMark);
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length), async (cut) => {
          const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
          expect(await solarRefusal(...chunks)).toEqual([null, null, reason]);
        }),
        { numRuns: 20 },
      );
    }
    const japanese = toUtf16(`番号,家\r\n${demandText}`, order, hasMark);
    expect(await demandRefusal(japanese)).toEqual([null, null, reason]);
  });

  test("I27: a zero byte in a text is no UTF-16", async () => {
    const bytes = toBytes(solarText(3));
    bytes[30] = 0;
    expect(await solarRefusal(bytes)).toEqual([null, null, "the file has zero bytes: it is no text"]);
  });

  test.each([
    ["workbook", [0x50, 0x4b, 0x03, 0x04, 0x14, 0x00]],
    ["workbook", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0x00]],
    ["packed file", [0x1f, 0x8b, 0x08, 0x00]],
    ["packed file", [0x50, 0x41, 0x52, 0x31, 0x15, 0x04]],
  ])("I27: a %s is named", async (_, bytes) => {
    const reason = "a workbook or a packed file, not CSV; save it as CSV in UTF-8";
    expect(await solarRefusal(Uint8Array.from(bytes))).toEqual([null, null, reason]);
    expect(await demandRefusal(Uint8Array.from(bytes))).toEqual([null, null, reason]);
  });

  test("I2: a Shift-JIS header is accepted, wherever its bytes lie", async () => {
    // 番号,家,年,月,日,曜日 and a half-width katakana before the line's end.
    const header = [
      0x94, 0xd4, 0x8d, 0x86, 0x2c, 0x89, 0xc6, 0x2c, 0x94, 0x4e, 0x2c, 0x8c, 0x8e, 0x2c, 0xdd, 0x0a,
    ];
    const rows = toBytes(demandText.slice(demandText.indexOf("\n") + 1));
    expect((await parseDemand("load.csv", [Uint8Array.from(header), rows])).homes).toHaveLength(2);
  });
});

describe("separators", () => {
  test.each([
    [";", ";"],
    ["\t", "a tab"],
    ["|", "|"],
    ["，", "，"],
    [" ", "a space"],
  ])("I27: the separator %j is named in both files", async (separator, name) => {
    const reason = `the separator is ${name} but this file needs ,`;
    const replace = (text: string) => text.replaceAll(",", separator);
    expect(await solarRefusal(toBytes(replace(solarText(2))))).toEqual([1, null, reason]);
    expect(await demandRefusal(toBytes(replace(demandText)))).toEqual([2, null, reason]);
  });

  test.each([
    ["as they are", (text: string) => text],
    ["with a byte-order mark and CRLF", (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}`],
    ["in quotation marks", (text: string) => text.replaceAll(/[^;\n]+/g, '"$&"')],
  ])("I27: semicolons and decimal commas are named, %s", async (_, write) => {
    const reason = "the separator is ; but this file needs , and decimal points, not decimal commas";
    const [, , said] = await solarRefusal(toBytes(write(inGerman(solarText(2)))));
    expect(said).toBe(reason);
    const [row, , ofDemand] = await demandRefusal(toBytes(write(inGerman(demandText))));
    expect(ofDemand).toMatch(/^the separator is ; but this file needs ,/);
    expect(row).toBeLessThanOrEqual(2);
  });

  test("I27: decimal commas between commas are named", async () => {
    expect((await solarRefusal(toBytes(solarText(2).replaceAll(".", ","))))[2]).toMatch(
      /^48 values where 24 belong: .*decimal commas; wanted are decimal points/,
    );
    expect((await demandRefusal(toBytes(demandText.replaceAll(".", ","))))[2]).toMatch(
      /^102 values where 54 belong: .*decimal commas; wanted are decimal points/,
    );
    const quoted = solarText(2).replaceAll(/(\d+)\.(\d+)/g, '"$1,$2"');
    expect(await solarRefusal(toBytes(quoted))).toEqual([
      1,
      1,
      '"0,25" is not a number: a decimal point belongs, not a comma',
    ]);
  });

  test("I27: lines that end in a carriage return alone are named", async () => {
    const reason = "lines end in a carriage return alone; LF or CRLF is wanted";
    expect(await solarRefusal(toBytes(solarText(3).replaceAll("\n", "\r")))).toEqual([1, null, reason]);
  });

  test("I27: Excel's line about the separator is named", async () => {
    expect((await solarRefusal(toBytes(`sep=;\n${inGerman(solarText(2))}`)))[2]).toMatch(
      /^"sep=;" is for Excel/,
    );
    expect((await demandRefusal(toBytes(`sep=,\n${demandText}`)))[2]).toMatch(/^"sep=," is for Excel/);
  });
});

describe("layouts", () => {
  const wanted = / wanted: for each day a row of its values, 24 or .* or a value a row$/;

  test.each([
    ["PVGIS", "Latitude (decimal degrees):\t45.000\nLongitude (decimal degrees):\t8.000\n"],
    ["PVGIS", "time,G(i),H_sun,T2m,WS10m,Int\n20160101:0010,0,0,1,2,0\n"],
    ["PVGIS", "time(UTC),T2m,RH,G(h),Gb(n)\n20160101:0000,1,2,0,0\n"],
    ["NASA POWER", "-BEGIN HEADER-\nNASA/POWER\n"],
    ["NASA POWER", "YEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN\n2020,1,1,0,0\n"],
    ["NREL NSRDB", "Source,Location ID,City,State\nNSRDB,1,-,-\n"],
    ["EnergyPlus weather (EPW)", "LOCATION,Naha,-,JPN,SRC,479360,26.2,127.7,9.0,28\n"],
    ["a row a moment", "timestamp,ghi\n2020-01-01 00:00:00,0\n"],
    ["a row a moment", "Datum,Uhrzeit,W\n01.01.2020,00:00,0\n"],
    ["a row a moment", "2020-01-01 00:00:00,0\n2020-01-01 01:00:00,0\n"],
    ["a row a day with its date in one cell", `2020-01-01,${inRow(24)}\n`],
    ["a row a day with its date in one cell", `date,${inRow(24, "h")}\n2020-01-01,${inRow(24)}\n`],
  ])("I27: solar data in the layout of %s are named, with what is wanted", async (name, text) => {
    const [row, , reason] = await solarRefusal(toBytes(text));
    expect(row).toBe(1);
    expect(reason).toContain(name);
    expect(reason).toMatch(wanted);
  });

  test.each([
    ["2 values where 24 belong", ",ghi\n2020-01-01 00:00:00,0\n"],
    ["3 values where 24 belong", "0,0,0\n0.5,0.5,0.5\n"],
    ["27 values where 24 belong", `2020,1,1,${inRow(24)}\n`],
    ["a header row", `# irradiance in W\n${solarText(2)}`],
  ])("I27: solar data of %s are named, with what is wanted", async (name, text) => {
    const [row, , reason] = await solarRefusal(toBytes(text));
    expect(row).toBe(1);
    expect(reason).toContain(name);
    expect(reason).toMatch(wanted);
  });

  test.each([
    [
      "Low Carbon London",
      "LCLid,stdorToU,DateTime,KWH/hh (per half hour) \nMAC000002,Std,2012-10-12 00:30:00,0\n",
    ],
    ["Ausgrid", `Solar home half-hour data - 1 July 2012 to 30 June 2013\n${inRow(54)}\n`],
    ["a row a moment", "時刻,家1,家2\n2020-01-01 00:00,0.1,0.2\n"],
    ["a row a moment", "a,b,c\n2020/1/1 00:00,0.1,0.2\n"],
    ["a row a home and moment (long)", "id,t,kW\n1,2020-01-01T00:00:00,0.3\n"],
    ["a row a day with its date in one cell", `no,id,date\n1,1,2020-01-01,${inRow(48)}\n`],
    ["a day of 24 values (every 60 minutes)", `no,id,y,m,d,w\n1,1,2020,1,1,3,${inRow(24)}\n`],
    ["a day of 288 values (every 5 minutes)", `no,id,y,m,d,w\n1,1,2020,1,1,3,${inRow(288)}\n`],
  ])("I27: demand in the layout of %s is named, with what is wanted", async (name, text) => {
    const [row, , reason] = await demandRefusal(toBytes(text));
    expect(row).toBeLessThanOrEqual(2);
    expect(reason).toContain(name);
    expect(reason).toMatch(
      / wanted: a header, then for each home a row a day of .* its kW, 48 or as many as the header has$/,
    );
  });

  test("I27: a day of quarter-hours in whole numbers is told from decimal commas by its header", async () => {
    const header = `no,id,year,month,day,wday,${Array.from({ length: 96 }, (_, i) => `q${i}`).join(",")}`;
    const text = `${header}\n1,1,2020,1,1,3,${inRow(96, "1")}\n`;
    expect((await parseDemand("load.csv", [toBytes(text)])).pointsPerDay).toBe(96);
  });

  test("I27: each file in the other's place is refused for what it lacks", async () => {
    expect(await demandRefusal(toBytes(solarText(2)))).toEqual([1, null, "the header row is missing"]);
    expect((await solarRefusal(toBytes(demandText)))[2]).toMatch(/^a header row; wanted: for each day a row/);
  });

  test("I27: empty cells at the end of the first row are named", async () => {
    const spoil = (text: string, end: string) => toBytes(text.replaceAll("\n", `${end}\n`));
    expect((await solarRefusal(spoil(solarText(2), ",")))[2]).toBe(
      "25 values where 24 belong: the last is empty",
    );
    expect((await demandRefusal(spoil(demandText, ",,")))[2]).toBe(
      "56 values where 54 belong: the last 2 are empty",
    );
  });

  test("I27: an index column, as pandas writes it, is named in both files", async () => {
    const index = / the first column may be an index \(pandas writes none with index=False\)$/;
    const withIndex = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line, row) => `${row},${line}`)
        .join("\n");
    const header = `,${Array.from({ length: 24 }, (_, hour) => hour).join(",")}`;
    expect((await solarRefusal(toBytes(withIndex(solarText(2)))))[2]).toMatch(index);
    expect((await solarRefusal(toBytes(`${header}\n${withIndex(solarText(2))}`)))[2]).toMatch(index);
    expect((await demandRefusal(toBytes(withIndex(demandText))))[2]).toMatch(index);
    const names = `,${Array.from({ length: 54 }, (_, name) => name).join(",")}`;
    const unnamed = withIndex(demandText.slice(demandText.indexOf("\n") + 1));
    expect((await demandRefusal(toBytes(`${names}\n${unnamed}`)))[2]).toMatch(index);
  });
});

test("I10: whatever a file holds, it is read or refused in one short line", async () => {
  const cell = fc.oneof(
    fc.constantFrom("", "0", "-3", "2020-01-01", '"', "1,5", "NaN", "1e400"),
    fc.string(),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.array(cell, { maxLength: 60 }), { maxLength: 6 }).map((rows) => toBytes(joinCells(rows))),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      for (const parse of [parseSolar, parseDemand]) {
        const error = await parse("x.csv", [content]).then(
          () => null,
          (reason: Error) => reason,
        );
        if (error === null) continue;
        expect(error.name).toBe("InputFileError");
        expect(error.message).toMatch(/^x\.csv(, row \d+)?(, column \d+)?: [^\r\n]+$/);
        expect(error.message.length).toBeLessThan(300);
      }
    }),
    { numRuns: 400 },
  );
});
