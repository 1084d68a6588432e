import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Of what these try, `npm test` tries a share. */
const counted = globSync("test/**/*.test.ts").filter((file) =>
  readFileSync(file, "utf8").includes("countOf("),
);

/** What takes minutes: tests of its own, all of the screen, and all cases of those of which `npm test` tries a share. */
export default defineConfig({
  test: {
    include: ["test/**/*.long.test.ts", "test/browser/*.test.ts", ...counted],
    env: { LONG_RUN: "true" },
    maxWorkers: 2,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
  },
});
