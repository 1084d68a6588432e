import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventKinds } from "../../src/simulation/events.ts";

const document = await readFile("docs/model.md", "utf8");

async function readSources(): Promise<{ name: string; text: string }[]> {
  const names = (await readdir("src", { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join("src", name), "utf8") })));
}

test("S20: every section of docs/model.md that the code cites is there", async () => {
  const sections = new Set(
    [...document.matchAll(/^(?:## )?(\d+(?:\.\d+)?)\.? /gm)].map(([, number]) => number),
  );
  const cited = (await readSources()).flatMap(({ name, text }) =>
    [
      ...text.replaceAll(/\n\s*\*\s*/g, " ").matchAll(/docs\/model\.md((?:,? (?:and )?\d+(?:\.\d+)?)+)/g),
    ].flatMap(([, numbers]) =>
      [...(numbers as string).matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => ({ name, number })),
    ),
  );
  expect(cited.filter(({ number }) => !sections.has(number))).toEqual([]);
  expect(cited.length).toBeGreaterThan(15);
});

test("S20: docs/model.md lists the kinds of events that the code has, in their order", () => {
  const [, table] = document.split("| kind | comes at | what changes |\n|---|---|---|\n");
  const rows = (table as string).split("\n\n")[0]?.split("\n") ?? [];
  expect(rows.map((row) => row.split(" | ")[0]?.slice(2))).toEqual(eventKinds.map(({ name }) => name));
});
