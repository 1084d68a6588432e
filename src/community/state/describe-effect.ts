import { formatUnitId } from "../../notation/unit-id.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { Chapter } from "../storage/stored-shapes.ts";
import { listChanges } from "./chapter-note.ts";
import type { Done } from "./done.ts";

/** Most units that are named one by one. */
const namedUnits = 8;

/** What a command changed, in a few words for the log of commands. */
export function describeEffect(
  change: StoredChange,
  unitsBefore: number,
  { goesBackTo, note }: Pick<Done, "goesBackTo" | "note"> = {},
): string {
  if (goesBackTo !== undefined)
    return `went back to ${goesBackTo.name}, held at ${goesBackTo.content.head.timeS} s`;
  const { units = [], unitCount = unitsBefore, clock, lastSave, restart, chapters } = change;
  if (chapters !== undefined && !restart) return describeChapter(chapters);
  const parts: string[] = note === undefined ? [] : [note];
  if (restart) parts.push(change.timeS === 0 ? "time begins anew" : `time begins anew at ${change.timeS} s`);
  if (units.length > 0) parts.push(`changed ${listUnits(units.map(({ state }) => state.number))}`);
  if (unitCount < unitsBefore) parts.push(`removed ${listUnits(numbersAbove(unitCount, unitsBefore))}`);
  if (lastSave !== undefined) parts.push(`kept ${lastSave.units.length} units`);
  // Of a pause until version 3 of the stored form it says "acceleration 0" (`stored-forms.ts`).
  if (change.snapshot !== undefined) parts.push(`kept a snapshot as ${change.snapshot.name}`);
  if (change.withoutSnapshot !== undefined) parts.push(`deleted the snapshot ${change.withoutSnapshot}`);
  if (clock?.held && clock.anchorSimulatedS > change.timeS)
    parts.push(`time goes to ${clock.anchorSimulatedS} s`);
  if (clock !== undefined)
    parts.push(`${clock.held ? "held, " : ""}acceleration ${clock.accelerationFactor}`);
  return parts.join(", ") || "nothing changed";
}

function describeChapter(chapters: readonly Chapter[]): string {
  const [before, begun] = chapters.slice(-2) as [Chapter, Chapter];
  const changes = listChanges(before, begun).join(", ") || "nothing is another";
  return `a chapter begins: ${changes}`;
}

function listUnits(numbers: readonly number[]): string {
  return numbers.length > namedUnits ? `${numbers.length} units` : numbers.map(formatUnitId).join(" ");
}

function numbersAbove(lowest: number, highest: number): number[] {
  return Array.from({ length: highest - lowest }, (_, index) => lowest + index + 1);
}
