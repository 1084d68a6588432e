#!/usr/bin/env node
import { Command } from "commander";

/** Built, its programs lie beside it, each with options of its own. */
new Command("apis-emulator")
  .description("An emulator of a community of homes with batteries on a shared DC grid.")
  .command("start [units]", "serves the emulator on this machine", { executableFile: "start.js" })
  .command("simulate", "runs a community without a server", { executableFile: "simulate.js" })
  .command("bridge", "lets apis-main use a hosted emulator", { executableFile: "bridge.js" })
  .parse();
