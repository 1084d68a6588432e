#!/usr/bin/env node
import { existsSync } from "node:fs";
import { underNewNode } from "./node-version.js";

// A checkout has sources; an installed package has what was built of them, for Node takes no TypeScript there.
const sources = new URL("../src/cli/apis-emulator.ts", import.meta.url);
const built = new URL("../build/cli/apis-emulator.js", import.meta.url);

underNewNode(() =>
  import(existsSync(sources) ? sources.href : built.href).catch((error) => {
    if (!/too many open files/.test(error.message)) throw error;
    console.error("Too few files may be open at once: the program cannot be read (ulimit -n)");
    process.exit(1);
  }),
);
