import { type Solar, solarPointsPerDay } from "./input-series.ts";
import { checkLength, readNumber } from "./read-number.ts";
import { type ByteChunks, readRows } from "./read-rows.ts";

/** Reads the solar file: no header, a row of 24 hourly values for each day. @throws InputFileError */
export async function parseSolar(file: string, chunks: ByteChunks): Promise<Solar> {
  const values: number[] = [];
  for await (const row of readRows(file, chunks)) {
    checkLength(row, solarPointsPerDay);
    for (let hour = 0; hour < solarPointsPerDay; hour++) values.push(readNumber(row, hour));
  }
  return { days: values.length / solarPointsPerDay, values: Float64Array.from(values) };
}
