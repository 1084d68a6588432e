import { defineConfig } from "vitest/config";

/** What takes minutes: the same properties over many more cases. */
export default defineConfig({
  test: { include: ["test/**/*.long.test.ts"], testTimeout: 3_600_000, hookTimeout: 60_000 },
});
