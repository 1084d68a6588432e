import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { addServerOptions, askServer, reportFailure, type ServerOptions } from "./reach-server.ts";

const program = new Command("apis-emulator backup")
  .description("Writes a community of a running server, with its past, as lines of JSON.")
  .argument("[file]", "file to write (default: the output)")
  .action(backup);
addServerOptions(program);

async function backup(file: string | undefined, options: ServerOptions): Promise<void> {
  const response = await askServer("backup", options);
  const lines = Readable.fromWeb(response.body as never);
  if (file === undefined) return pipeline(lines, process.stdout);
  const fresh = `${file}.${process.pid}.new`;
  try {
    await pipeline(lines, createWriteStream(fresh));
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}

program.parseAsync().catch(reportFailure);
