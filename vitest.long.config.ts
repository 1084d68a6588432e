import { defineConfig } from "vitest/config";

/** What takes minutes: tests of its own, all of the screen, and all cases of those of which `npm test` tries a share. */
export default defineConfig({
  test: {
    include: [
      "test/**/*.long.test.ts",
      "test/browser/*.test.ts",
      "test/openapi/fuzz.test.ts",
      "test/cli/kill.test.ts",
      "test/faults/*.test.ts",
      "test/simulation/occurrences.test.ts",
      "test/laboratory/stepper.test.ts",
      "test/http/step.test.ts",
      "test/worker/session.test.ts",
      "test/cli/session.test.ts",
    ],
    env: { LONG_RUN: "true" },
    maxWorkers: 2,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
  },
});
