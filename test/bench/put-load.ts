import { createRequire } from "node:module";
import { percentile } from "./timing.ts";

/** How fast a server answers four connections. */
export interface Load {
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

type OnResponse = (client: unknown, status: number, bytes: number, durationMs: number) => void;
type Autocannon = (options: { url: string; connections: number; duration: number }) => Promise<unknown> & {
  on(event: "response", listener: OnResponse): void;
};

const autocannon = createRequire(import.meta.url)("autocannon") as Autocannon;

/** Asks for a second to warm up, and then counts; autocannon itself tells times in whole milliseconds. */
async function putLoad(url: string, seconds: number): Promise<Load> {
  await autocannon({ url, connections: 4, duration: 1 });
  const durations: number[] = [];
  const run = autocannon({ url, connections: 4, duration: seconds });
  run.on("response", (_, status, __, durationMs) => {
    if (status !== 200) throw new Error(`${url} answers with status ${status}`);
    durations.push(durationMs);
  });
  await run;
  return {
    rate: durations.length / seconds,
    p50Ms: percentile(durations, 50),
    p99Ms: percentile(durations, 99),
  };
}

const [url, seconds] = process.argv.slice(2);
console.log(JSON.stringify(await putLoad(url as string, Number(seconds))));
