import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

test("L20: a local server reads a backup of up to 256 MB, as a year of 19 homes with many commands has, and no longer one", async () => {
  const server = await startLocalServer({ units: 2 });
  const folder = await mkdtemp(join(tmpdir(), "apis-backup-"));
  const file = join(folder, "long.ndjson");
  for (const [megabytes, reason] of [
    [200, /Line 1 is no JSON/],
    [257, /longer than 256000000 bytes/],
  ] as const) {
    await writeFile(file, Buffer.alloc(megabytes * 1e6, "x"));
    const { code, stderr } = await runProgram("backup/restore.ts", ["--persist", server.folder, file]);
    expect([code, stderr.trim().split("\n").length]).toEqual([1, 1]);
    expect(stderr).toMatch(reason);
  }
  expect((await fetch(`${server.url}/get/unit/E002`)).status).toBe(200);
  await server.stop();
  await rm(folder, { recursive: true });
});
