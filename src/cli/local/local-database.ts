import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import { projectFolder } from "../project-folder.ts";

type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/** The table in which wrangler notes, too, which migrations a database has had. */
const noteTable = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Makes the tables of `migrations` that the database has not yet. */
export async function makeTables(database: Database): Promise<void> {
  await database.prepare(noteTable).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const folder = join(projectFolder, "migrations");
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
    if (applied.has(name)) continue;
    const statements = (await readFile(join(folder, name), "utf8")).split(/;\s*$/m).filter(hasStatement);
    const note = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
    await database.batch([...statements.map((statement) => database.prepare(statement)), note]);
  }
}

function hasStatement(text: string): boolean {
  return text.replace(/^[ \t]*--.*$/gm, "").trim() !== "";
}
