import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { operationModes } from "./unit-reader.ts";

const rampS = 120;
const deadBusVoltageV = 290;
const startMs = Date.UTC(2020, 0, 1);

/** Where the fake departs from what the contract asks. */
export interface Defects {
  /** Changes the text of a reply. */
  rewrite?: (path: string, body: string) => string;
  /** Answers in the fake's stead; or, if it returns true without doing so, hangs. */
  takeOver?: (path: string, response: ServerResponse) => boolean;
  /** Simulated time of a ramp [s]. */
  rampS?: number;
  /** Wall time until a new voltage on a live bus takes effect [ms]. */
  voltageDelayMs?: number;
  /** Current that the reference carries beyond what the others together give, as soon as they do [A]. */
  surplusA?: number;
  /** The reference is the unit that entered grid autonomy first. */
  firstIsReference?: boolean;
}

interface Voltage {
  fromV: number;
  toV: number;
  fromS: number;
  toS: number;
  fromWallMs: number;
}

const deadBus: Voltage = { fromV: 0, toV: 0, fromS: 0, toS: 0, fromWallMs: 0 };

/** Four units on a bus, no more than the client needs of them, with a clock in the test's hand. */
export class FakeEmulator {
  /** Simulated time since the start [s]. */
  timeS = 0;
  readonly requests: string[] = [];
  private readonly defects: Defects;
  private readonly units = new Map(["E001", "E002", "E003", "E004"].map((id) => [id, createUnit(id)]));
  /** Units in grid autonomy in the order in which they entered. */
  private entered: string[] = [];
  private voltage = deadBus;
  private readonly server = createServer(({ url = "" }, response) => this.serve(url, response));

  constructor(defects: Defects = {}) {
    this.defects = defects;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(path: string, response: ServerResponse): void {
    this.requests.push(path);
    if (this.defects.takeOver?.(path, response)) return;
    const body = JSON.stringify(this.answer(path));
    response.setHeader("content-type", "application/json");
    response.end(this.defects.rewrite?.(path, body) ?? body);
  }

  private answer(path: string): unknown {
    const { pathname, searchParams } = new URL(path, "http://fake");
    const [, verb, ...parts] = pathname.split("/");
    const id = parts.pop() as string;
    if (verb === "set") this.set(id, searchParams);
    const { emu, dcdc, oesunit } = this.read(id);
    const { status, meter, vdis, param } = dcdc;
    const replies: Record<string, unknown> = {
      "get unit": { emu, dcdc, oesunit, time: this.writeTime() },
      "get dcdc/status": { status, meter },
      "set dcdc": dcdc,
      "set dcdc/voltage": { meter, vdis },
      "set dcdc/current": { meter, param },
    };
    return replies[`${verb} ${parts.join("/")}`];
  }

  private set(id: string, given: URLSearchParams): void {
    const { dcdc } = this.unit(id);
    const mode = given.get("mode");
    for (const name of ["dvg", "drg"] as const) dcdc.vdis[name] = Number(given.get(name) || dcdc.vdis[name]);
    dcdc.param.dig = Number(given.get("dig") ?? dcdc.param.dig);
    if (mode !== null) this.changeMode(id, mode);
    if (id === this.reference() && given.has("dvg")) this.raise(dcdc.vdis.dvg);
  }

  private changeMode(id: string, mode: string): void {
    this.unit(id).dcdc.status = { ...this.unit(id).dcdc.status, ...writeMode(mode) };
    this.entered = this.entered.filter((other) => other !== id);
    if (mode === "0x0014") this.entered.push(id);
    if (this.entered.length === 0) this.voltage = deadBus;
  }

  private raise(toV: number): void {
    const fromV = this.busVoltage();
    const isDead = fromV < deadBusVoltageV;
    const toS = this.timeS + (isDead ? (this.defects.rampS ?? rampS) : 0);
    const fromWallMs = Date.now() + (isDead ? 0 : (this.defects.voltageDelayMs ?? 0));
    this.voltage = { fromV, toV, fromS: this.timeS, toS, fromWallMs };
  }

  private busVoltage(): number {
    const { fromV, toV, fromS, toS, fromWallMs } = this.voltage;
    if (Date.now() < fromWallMs) return fromV;
    return this.timeS >= toS
      ? toV
      : fromV + Math.floor(((toV - fromV) * (this.timeS - fromS)) / (toS - fromS));
  }

  private read(id: string): FakeUnit {
    const unit = this.unit(id);
    const vg = this.busVoltage();
    const ig = this.currentOf(id);
    const wg = round(ig * vg);
    const wb = round(wg - lossOf(unit.dcdc.status.status));
    const meter = { ...unit.dcdc.meter, vg, ig, wg, wb, ib: round(wb / unit.dcdc.meter.vb) };
    return { ...unit, dcdc: { ...unit.dcdc, meter } };
  }

  private currentOf(id: string): number {
    if (this.busVoltage() < deadBusVoltageV) return 0;
    if (id !== this.reference()) return ownCurrent(this.unit(id));
    const sumA = [...this.units.values()].map(ownCurrent).reduce((sum, current) => sum + current, 0);
    return sumA === 0 ? 0 : round((this.defects.surplusA ?? 0) - sumA);
  }

  private reference(): string | undefined {
    return this.entered.at(this.defects.firstIsReference ? 0 : -1);
  }

  private unit(id: string): FakeUnit {
    return this.units.get(id) as FakeUnit;
  }

  private writeTime(): string {
    const text = new Date(startMs + this.timeS * 1000).toISOString();
    return `${text.slice(0, 10).replaceAll("-", "/")}-${text.slice(11, 19)}`;
  }
}

type FakeUnit = ReturnType<typeof createUnit>;

/** A unit as the published emulator answered it. */
function createUnit(id: string) {
  const golden = new URL("../golden/api-exchange.json", import.meta.url);
  const exchanges = JSON.parse(readFileSync(golden, "utf8")) as { get: string; body: unknown }[];
  const unit = exchanges.find(({ get }) => get === "/get/unit/E001")?.body as {
    emu: Record<string, unknown>;
    dcdc: {
      status: { status: string; alarmState: string; operationMode: string };
      meter: Record<"wg" | "tmp" | "vb" | "wb" | "vg" | "ib" | "ig", number>;
      vdis: { dvg: number; drg: number };
      param: { dig: number };
    };
    oesunit: Record<string, unknown>;
  };
  return { ...unit, oesunit: { ...unit.oesunit, id } };
}

function writeMode(status: string) {
  return { status, operationMode: operationModes[status as keyof typeof operationModes] };
}

function ownCurrent({ dcdc }: FakeUnit): number {
  const shares: Record<string, number> = { "0x0002": -1, "0x0041": 1 };
  return round((shares[dcdc.status.status] ?? 0) * dcdc.param.dig);
}

function lossOf(mode: string): number {
  return { "0x0000": 4.5, "0x0041": 71 }[mode] ?? 55;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
