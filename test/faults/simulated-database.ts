import Papa from "papaparse";
import { expect } from "vitest";
import type { ExtendedUnitJson } from "../../src/community/sinks/http-sink.ts";
import type { World } from "./world.ts";

export const databaseUrl = "http://database.test/readings";

/** A user's database that takes readings over HTTP, once for each key, and whose answers may fail or be lost. */
export class SimulatedDatabase {
  readonly #world: World;
  /** The body of each batch by its key. */
  readonly #batches = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  async fetch(request: Request): Promise<Response> {
    const key = JSON.parse(request.headers.get("idempotency-key") as string) as string;
    const body = await request.text();
    await this.#travel();
    if (this.#world.chance(10)) return new Response(null, { status: 500 });
    const before = this.#batches.get(key);
    if (before !== undefined) expect(body, `the batch ${key} that comes again`).toBe(before);
    this.#batches.set(key, body);
    this.#world.note(`the database takes ${key}`);
    await this.#travel();
    if (this.#world.chance(15)) throw new TypeError("fetch failed: the answer was lost");
    return new Response(null, { status: 200 });
  }

  async #travel(): Promise<void> {
    await this.#world.delay();
    await this.#world.passWaiting("message", "database");
  }

  /**
   * It has each reading of the CSV file `individual` before `until` (a date and a time) once, of this run of the community
   * with this object. Later ones it may have.
   */
  expectToHold(individual: string, objectKey: string, runBeganMs: number, until: string): void {
    const ofRun = [...this.#batches].filter(([key]) => key.startsWith(`${objectKey}:${runBeganMs}:`));
    const units = ofRun.flatMap(([, body]) => JSON.parse(body) as ExtendedUnitJson[]);
    const told = units.map(({ oesunit, emu }) => {
      const { year, month, day, hour, minute } = emu.system_time;
      const pad = (value: number) => String(value).padStart(2, "0");
      return `${year}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)} ${oesunit.id} ${emu.rsoc}`;
    });
    const { data } = Papa.parse<Record<string, string>>(individual, { header: true, skipEmptyLines: true });
    const rows = data.map(({ id, time, emu_rsoc }) => `${time?.slice(0, 16)} ${id} ${emu_rsoc}`);
    const early = (lines: string[]) =>
      lines
        .filter((line) => line < until)
        .sort()
        .join("\n");
    expect(early(told), `what the database has of ${objectKey}`).toBe(early(rows));
  }
}
