import { Command } from "commander";
import { askedToEnd } from "../local/asked-to-end.ts";
import { describeListenError } from "../local/start-error.ts";
import { startBridge } from "./bridge.ts";
import { isLoopback } from "./loopback.ts";
import { BridgeError, readTarget } from "./target.ts";

interface BridgeOptions {
  to: string;
  key?: string;
  port: string;
  host: string;
  allowNetwork?: boolean;
}

const program = new Command("apis-emulator bridge")
  .description("Lets an apis-main that knows plain HTTP only use a hosted emulator, until Ctrl-C.")
  .requiredOption("--to <address>", "the community's, e.g. https://emulator.example/e/lab")
  .option("--key <key>", "its API key; rather set APIS_EMULATOR_KEY, which no list of processes shows")
  .option("--port <port>", "port to listen on", "4390")
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--allow-network", "let --host be an address that other machines reach; they need no key then")
  .action(bridge);

async function bridge(options: BridgeOptions): Promise<void> {
  const target = readTarget(options.to, options.key ?? process.env.APIS_EMULATOR_KEY);
  const { host } = options;
  const port = readPort(options.port);
  if (!isLoopback(host) && !options.allowNetwork)
    throw new BridgeError(
      `--host ${host} lets everybody there use the key; allowed: 127.0.0.1, localhost, ::1, or with --allow-network any`,
    );
  const running = await startBridge(target, { host, port, say }).catch((error: NodeJS.ErrnoException) => {
    throw new BridgeError(describeListenError(error, host, port));
  });
  console.log(`Ready: ${running.url} leads to ${target.origin}${target.prefix}. Stop: Ctrl-C`);
  askOnce(running.url);
  await askedToEnd();
  await running.stop();
}

/** So that a wrong key or address is told of now, and not when apis-main first asks. */
function askOnce(url: string): void {
  fetch(`${url}/get/acc`).catch(() => {});
}

function say(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new BridgeError(`--port is ${JSON.stringify(text)}; allowed: whole numbers 0 to 65535`);
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof BridgeError ? error.message : error);
  process.exit(1);
});
