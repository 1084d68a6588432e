import { setTimeout } from "node:timers/promises";
import { startLocalServer } from "../support/local-server.ts";
import type { Figure } from "./figures.ts";

/** Published prices of the Workers Paid plan [$], a month: what is included and what a million more costs. */
const prices = {
  base: 5,
  workerRequests: { included: 10e6, perMillion: 0.3 },
  objectRequests: { included: 1e6, perMillion: 0.15 },
  /** Wall time of handling × 128 MB; idle objects that can hibernate cost none. */
  gigabyteSeconds: { included: 400_000, perMillion: 12.5 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  cpuMs: { included: 30e6, perMillion: 0.02 },
};

type Use = Record<Exclude<keyof typeof prices, "base">, number>;

const secondsPerMonth = 30 * 86_400;
const runSeconds = 120;
const controllers = 4;
const lookSeconds = 5;
/** Handling of one request, generously: the objects' answers take less than this here. */
const handlingMs = 2;

/** What a month costs, from what a community of four controllers was counted to use in two minutes. */
export async function measureCost(): Promise<Figure[]> {
  const server = await startLocalServer({ units: controllers, acceleration: 10 });
  const read = async (name: string) => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const lines = text.split("\n").filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  };
  // An object that was idle begins to count anew, so rows are counted around what writes them.
  const countRows = async (write: () => Promise<void>) => {
    const before = await read("apis_rows_written_total");
    await write();
    return (await read("apis_rows_written_total")) - before;
  };
  let rows = 0;
  let requests = 0;
  const ask = async (path: string) => {
    requests++;
    await (await fetch(server.url + path)).arrayBuffer();
  };
  for (let second = 0; second < runSeconds; second += lookSeconds) {
    for (let unit = 1; unit <= controllers; unit++) await ask(`/get/unit/E00${unit}`);
    if (second % (runSeconds / 2) === 0) rows += await countRows(() => deal(ask, second === 0));
    await setTimeout(lookSeconds * 1000);
  }
  await server.stop();
  const months = secondsPerMonth / runSeconds;
  const polled = describeUse(requests * months, rows * months);
  const idle = describeUse(0, 0);
  return [
    { name: "requests in two minutes, counted", value: requests, unit: "" },
    { name: "rows written in two minutes, counted", value: rows, unit: "" },
    ...[1, 100, 1000].flatMap((count) => [
      { name: `${count} communities, idle, a month`, value: price(idle, count), unit: "$" },
      { name: `${count} communities, polled, a month`, value: price(polled, count), unit: "$" },
    ]),
  ];
}

/** A deal of two minutes is one of many: this is more than most communities do. */
async function deal(ask: (path: string) => Promise<void>, begins: boolean): Promise<void> {
  const modes = begins ? ["0x0014", "0x0041"] : ["0x0000", "0x0000"];
  for (const [index, mode] of modes.entries())
    await ask(`/set/dcdc/E00${index + 1}?mode=${mode}&dvg=350&dig=1`);
}

function describeUse(requests: number, rows: number): Use {
  return {
    workerRequests: requests,
    objectRequests: requests,
    gigabyteSeconds: (requests * handlingMs * 0.128) / 1000,
    rowsWritten: rows,
    cpuMs: requests * handlingMs,
  };
}

function price(use: Use, communities: number): number {
  return (Object.keys(use) as (keyof Use)[]).reduce((sum, name) => {
    const { included, perMillion } = prices[name];
    return sum + (Math.max(0, use[name] * communities - included) * perMillion) / 1e6;
  }, prices.base);
}
