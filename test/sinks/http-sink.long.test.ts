import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Papa from "papaparse";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExtendedUnitJson } from "../../src/community/sinks/http-sink.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";

type Conduct = (request: IncomingMessage, response: ServerResponse) => void;

/** A database that behaves once each way it is told, then well, and keeps what it has accepted. */
class FakeDatabase {
  readonly accepted: { key: string; units: ExtendedUnitJson[] }[] = [];
  readonly conducts: Conduct[] = [];
  readonly server: Server;
  attempts = 0;

  constructor() {
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.attempts++;
      const conduct = this.conducts.shift();
      if (conduct !== undefined) return conduct(request, response);
      const units = JSON.parse(Buffer.concat(chunks).toString()) as ExtendedUnitJson[];
      this.accepted.push({ key: String(request.headers["idempotency-key"]), units });
      response.writeHead(201).end();
    });
  }
}

const database = new FakeDatabase();
let server: LocalServer;
const get = async (path: string) => (await fetch(server.url + path)).text();

beforeAll(async () => {
  await new Promise<void>((resolve) => database.server.listen(0, "127.0.0.1", resolve));
  const { port } = database.server.address() as AddressInfo;
  const set = (pair: string) => ["--set", pair];
  server = await startLocalServer({
    units: 3,
    acceleration: 0,
    args: [
      ...set("saveIndividualToDB=true"),
      ...set(`dburl=http://127.0.0.1:${port}/readings`),
      ...set("individualIntervalMinutes=10"),
    ],
  });
});
afterAll(async () => {
  await server.stop();
  database.server.close();
});

test("K6: a database that is slow, fails, hangs up and comes back gets every reading once", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    database.conducts.push((_, response) => {
      resolve();
      release = () => response.writeHead(503).end();
    });
  });
  database.conducts.push((_, response) => response.writeHead(500).end("no"));
  database.conducts.push((request) => request.socket.destroy());
  await get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await get("/set/acc/10000");
  await held;
  for (let k = 0; k < 50; k++) await get(k % 2 === 0 ? "/get/log" : `/set/emu/E002?rsoc=${50 + k / 10}`);
  expect(database.attempts).toBe(1);
  release();
  await expect.poll(() => database.accepted.length, { timeout: 30_000 }).toBeGreaterThan(0);
  await get("/set/acc/0");
  const text = await get("/data/output/indivLog.csv");
  const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  await expect
    .poll(() => database.accepted.flatMap(({ units }) => units).length, { timeout: 30_000 })
    .toBe(rows.length);
  expect(new Set(database.accepted.map(({ key }) => key)).size).toBe(database.accepted.length);
  const nameOf = (id: string, time: string, rsoc: unknown) => `${id} ${time} ${rsoc}`;
  const received = database.accepted.flatMap(({ units }) =>
    units.map(({ oesunit, time, emu }) =>
      nameOf(oesunit.id, time.replaceAll("/", "-").replace(/-(?=..:)/, " "), emu.rsoc),
    ),
  );
  const expected = rows.map((row) => nameOf(row.id as string, row.time as string, row.emu_rsoc));
  expect(received.sort()).toEqual(expected.sort());
  expect(rows.length).toBeGreaterThan(50);
  expect(server.output()).toContain("The database does not take readings");
  expect(server.output()).toContain("The database takes readings again");
}, 90_000);
