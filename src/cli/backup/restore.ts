import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { addServerOptions, askServer, reportFailure, type ServerOptions } from "./reach-server.ts";

const program = new Command("apis-emulator restore")
  .description("Replaces a community of a running server by that of a backup, whole or not at all.")
  .argument("<file>", "what backup wrote")
  .action(restore);
addServerOptions(program);

async function restore(file: string, options: ServerOptions): Promise<void> {
  await askServer("restore", options, await readFile(file));
  console.log(`${options.community} is what ${file} holds`);
}

program.parseAsync().catch(reportFailure);
