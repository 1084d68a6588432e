import { DatabaseSync } from "node:sqlite";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { liveSteppedDays, wallMsAt } from "../support/stepped-days.ts";
import type { Figure, Workspace } from "./figures.ts";
import { createSurroundings } from "./sample-world.ts";

const homes = 19;
const days = 365;

/** What a year in steps of 15 min with actions leaves in storage, and what is told of one of its days. */
export async function measureSteppedYear({ inputFolder }: Workspace): Promise<Figure[]> {
  const surroundings = await createSurroundings(inputFolder, homes);
  const measure = (actions: number): Figure[] => {
    const name = actions === 1 ? "one action a step" : "an action a home and step";
    const beganMs = performance.now();
    const { database, emulator, bytes } = liveSteppedDays(surroundings, homes, days, actions);
    const livedMs = performance.now() - beganMs;
    const nowMs = wallMsAt(days * 86_400);
    const query = {
      kind: "history",
      of: 7,
      fromS: 100 * 86_400,
      toS: 101 * 86_400,
      resolutionS: 900,
    } as const;
    const askedMs = performance.now();
    emulator.answer(query, nowMs);
    const historyMs = performance.now() - askedMs;
    const restored = createNodeDatabase(new DatabaseSync(":memory:"));
    createSqliteStorage(restored).load();
    let backupBytes = 0;
    const lines: string[] = [];
    for (const piece of { [Symbol.iterator]: () => openBackup(database) }) {
      backupBytes += piece.length;
      lines.push(...piece.split("\n").filter((line) => line !== ""));
    }
    const restoringMs = performance.now();
    restoreBackup(restored, lines, homes, nowMs);
    const restoredMs = performance.now() - restoringMs;
    return [
      { name: `stepped year of ${homes}, ${name}`, value: bytes() / 1e6, unit: "MB", target: { most: 150 } },
      { name: "its backup", value: backupBytes / 1e6, unit: "MB" },
      { name: "restoring that", value: restoredMs / 1000, unit: "s" },
      { name: "a home's day 100 in 15 min", value: historyMs, unit: "ms" },
      { name: "living it, stored", value: livedMs / 1000, unit: "s" },
    ];
  };
  return [...measure(1), ...measure(homes)];
}
