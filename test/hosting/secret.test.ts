import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { findSecretFault } from "../../src/input/config/admin-secret.ts";

const short = "nineteen characters";
const said = /^ADMIN_SECRET is too short; allowed: at least 20 characters \(.*\), or none$/;

test("Y21: a secret has at least 20 characters beside spaces around it, or there is none", () => {
  for (const right of [undefined, null, "", `${short}.`, "二十文字以上あればこの秘密は受け付けられます"])
    expect(findSecretFault(right), String(right)).toBeNull();
  for (const wrong of [short, " ", `  ${short}  `, "秘密です".repeat(4), "😀".repeat(19)])
    expect(findSecretFault(wrong), wrong).toMatch(said);
});

describe("npm run dev", () => {
  const program = fileURLToPath(new URL("../../src/cli/build/check-dev-secret.ts", import.meta.url));
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "apis-dev-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const check = () => {
    const { status, stderr } = spawnSync(process.execPath, [program], { cwd: folder, encoding: "utf8" });
    return [status, stderr.trim()];
  };

  test("Y21: it does not begin with such a secret in .dev.vars", async () => {
    expect(packageJson.scripts.dev).toMatch(/^node bin\/run.js src\/cli\/build\/check-dev-secret.ts && /);
    expect(check()).toEqual([0, ""]);
    await writeFile(join(folder, ".dev.vars"), `OTHER=1\nADMIN_SECRET="${short}"\n`);
    expect(check()).toEqual([1, expect.stringMatching(/^\.dev\.vars: ADMIN_SECRET is too short.*$/)]);
    await writeFile(join(folder, ".dev.vars"), "ADMIN_SECRET=\n");
    expect(check()).toEqual([0, ""]);
  });
});
