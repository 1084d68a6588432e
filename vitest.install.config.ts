import { defineConfig } from "vitest/config";

/** What installs the package, or does the steps of the container, as their users do. */
export default defineConfig({
  test: {
    include: ["test/**/*.install.test.ts", "test/house/systems.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
