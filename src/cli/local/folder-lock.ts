import { renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "./start-error.ts";

/**
 * Takes the folder for this process until the function is called that is returned. The lock is the system's: it is
 * gone with the process, however that ends. @throws StartError if another process has it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "lock.db");
  try {
    return take(path);
  } catch (error) {
    if (isHeld(error))
      throw new StartError(
        `${folder} holds the state of a server that is running; choose another with --persist`,
      );
    if (!isDamaged(error)) throw new StartError(`${folder} cannot be locked: ${(error as Error).message}`);
    // What is no database holds no lock.
    renameSync(path, `${path}.unreadable`);
    return take(path);
  }
}

function take(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw error;
  }
  return () => database.close();
}

const sqliteBusy = 5;
const sqliteCorrupt = 11;
const sqliteNoDatabase = 26;

function isHeld(error: unknown): boolean {
  return codeOf(error) === sqliteBusy;
}

function isDamaged(error: unknown): boolean {
  return [sqliteCorrupt, sqliteNoDatabase].includes(codeOf(error));
}

function codeOf(error: unknown): number {
  return (error as { errcode?: number }).errcode ?? 0;
}
