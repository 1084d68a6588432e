import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const rules = fileURLToPath(new URL("../../biome.json", import.meta.url));

/** Files of `src` with one planted import each, and whether the linter is to refuse it. */
const planted: readonly (readonly [file: string, imported: string, refused: boolean])[] = [
  ["simulation/a.ts", "../notation/unit-id.ts", true],
  ["notation/a.ts", "../simulation/world.ts", true],
  ["input/series/a.ts", "../../community/state/clock.ts", true],
  ["input/units/a.ts", "../../laboratory/stepper.ts", true],
  ["laboratory/a.ts", "../community/env.ts", true],
  ["community/a.ts", "../api/http/routes.ts", true],
  ["community/state/a.ts", "../../api/wire/answers.ts", true],
  ["api/http/a.ts", "../../hosting/gate.ts", true],
  ["hosting/access/a.ts", "../../cli/project-folder.ts", true],
  ["hosting/a.ts", "../worker.ts", true],
  ["ui/frame/a.ts", "../../hosting/gate.ts", true],
  ["input/config/b.ts", "../../simulation/world.ts", false],
  ["laboratory/b.ts", "../simulation/community.ts", false],
  ["community/state/b.ts", "../../laboratory/stepper.ts", false],
  ["community/records/b.ts", "../../input/config/entries.ts", false],
  ["api/wire/b.ts", "../../community/state/view.ts", false],
  ["hosting/admin/b.ts", "../../api/http/errors.ts", false],
  ["cli/local/b.ts", "../../hosting/gate.ts", false],
];

test("E1: the linter refuses every upward import between the wings, and no other", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  try {
    copyFileSync(rules, join(folder, "biome.json"));
    writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
    for (const [file, imported] of planted) {
      mkdirSync(dirname(join(folder, "src", file)), { recursive: true });
      writeFileSync(
        join(folder, "src", file),
        `import type { Any } from "${imported}";\n\nexport type Some = Any;\n`,
      );
    }
    const args = [biome, "lint", "--reporter=json", "--max-diagnostics=none", "."];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    const refused = planted.map(([file]) => {
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string }[] };
      return diagnostics.some(
        (found) =>
          found.category === "lint/style/noRestrictedImports" &&
          JSON.stringify(found).includes(`src/${file}`),
      );
    });
    expect(refused).toEqual(planted.map(([, , isRefused]) => isRefused));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
