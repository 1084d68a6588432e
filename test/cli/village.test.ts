import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import { startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

test("L33: the Village is served by its folder alone: its homes, its hardware, its year and protection", async () => {
  const server = await startLocalServer({ args: ["--data", "data/input/Village"] });
  try {
    const ask = async (path: string) => (await fetch(server.url + path)).json();
    const { homes } = (await ask("/homes")) as { homes: { name: string; battery: { capacityWh: number } }[] };
    expect(homes).toHaveLength(19);
    expect([homes[0]?.name, homes[0]?.battery.capacityWh]).toEqual(["2 people, 6 kW E", 7200]);
    const { run } = (await ask("/commands")) as CommandLog;
    expect([run.chapters[0]?.config.protection, run.chapters[0]?.config.startTime]).toEqual([
      "on",
      "2023-01-01T00:00:00",
    ]);
    expect(server.output()).toContain("19 units");
    expect(server.output()).not.toMatch(/warning/i);
  } finally {
    await server.stop();
  }
});

test("L33: a file of parameters beside the data that is none ends the start with its name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-data-"));
  try {
    await writeFile(join(folder, "parameters.json"), "[]");
    const ended = await runProgram("local/start.ts", ["--port", "0", "--persist", folder, "--data", folder]);
    expect([ended.code, ended.stdout, ended.stderr.trim()]).toEqual([
      1,
      "",
      `Configuration file ${join(folder, "parameters.json")}: expected a JSON object of parameters`,
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
