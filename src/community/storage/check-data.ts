import { largestPower } from "../../input/series/input-series.ts";
import { countWeeks, listSeries, type SeriesKind, weekBytes } from "../../input/series/own-data.ts";
import type { BackupRow } from "./backup-lines.ts";
import { FaultError } from "./row-faults.ts";
import type { KeptData } from "./stored-shapes.ts";

/** Checks data of a community's own: that all rows are there that their heads promise, and hold powers. */
export class DataCheck {
  readonly #heads = new Map<number, { readonly head: KeptData; weeks: number }>();

  /** @throws FaultError */
  takeHead(number: number, head: KeptData): void {
    for (const { head: other } of this.#heads.values())
      if (other.id === head.id) throw new FaultError(`data ${head.id} are there twice`);
    this.#heads.set(number, { head, weeks: 0 });
  }

  /** @throws FaultError */
  takeWeek(row: BackupRow["values"]): void {
    const kept = this.#heads.get(row.data as number);
    if (kept === undefined) throw new FaultError(`there are no data ${row.data}`);
    if (row.kind === "report") return;
    const { head } = kept;
    const [home, week] = [row.home as number, row.week as number];
    const series = listSeries(head).find(({ kind }) => kind === (row.kind as SeriesKind));
    if (series === undefined || home >= series.homes || week >= countWeeks(head))
      throw new FaultError(`the data have no week ${week} of ${row.kind} ${home}`);
    const bytes = row.bytes as ArrayBuffer;
    const expected = weekBytes(head, series.steps, week);
    if (bytes.byteLength !== expected)
      throw new FaultError(`bytes are ${bytes.byteLength}; expected ${expected}`);
    if (!new Float32Array(bytes).every((value) => value >= 0 && value <= largestPower))
      throw new FaultError("bytes: a value is no power");
    kept.weeks++;
  }

  findFault(): string | null {
    for (const { head, weeks } of this.#heads.values()) {
      const expected = listSeries(head).reduce((sum, { homes }) => sum + homes * countWeeks(head), 0);
      if (weeks !== expected) return `data ${head.id} have ${weeks} weeks of ${expected}`;
    }
    return null;
  }
}
