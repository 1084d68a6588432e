#!/usr/bin/env node
import { extname } from "node:path";
import { Command } from "commander";

/** The programs beside this one, each with options of its own: bundled or as they are. */
const extension = extname(import.meta.url);

new Command("apis-emulator")
  .description("An emulator of a community of homes with batteries on a shared DC grid.")
  .command("start [units]", "serves the emulator on this machine", { executableFile: `start${extension}` })
  .command("simulate", "runs a community without a server", { executableFile: `simulate${extension}` })
  .command("bridge", "lets apis-main use a hosted emulator", { executableFile: `bridge${extension}` })
  .parse();
