import type { HttpClient } from "./http-client.ts";
import { droopText, floatText } from "./number-text.ts";
import type { StepLog } from "./step-log.ts";
import {
  type ModeCode,
  operationModes,
  type Reply,
  type ReplyKind,
  readReply,
  type UnitReply,
} from "./unit-reader.ts";

export interface ConverterCommand {
  mode: ModeCode;
  dvg: number;
  dig: number;
  drg: number;
}

/** The requests of apis-main, each with the checks that every reply to it has to pass. */
export class UnitClient {
  readonly log: StepLog;
  private readonly http: HttpClient;
  private readonly modes = new Map<string, ModeCode>();
  private latestTimeS = Number.NEGATIVE_INFINITY;

  constructor(http: HttpClient, log: StepLog) {
    this.http = http;
    this.log = log;
  }

  /** The mode last sent to a unit; Waiting if none was. */
  modeOf(id: string): ModeCode {
    return this.modes.get(id) ?? "0x0000";
  }

  async getUnit(id: string): Promise<UnitReply> {
    const reply = await this.request("unit", `/get/unit/${id}`);
    this.log.expect(reply.oesunit.id === id, `oesunit.id ${id}`, reply.oesunit.id);
    this.log.expect(
      reply.time >= this.latestTimeS,
      `time not to go back (from ${this.latestTimeS})`,
      reply.time,
    );
    this.latestTimeS = reply.time;
    return reply;
  }

  getStatus(id: string): Promise<Reply<"status">> {
    return this.request("status", `/get/dcdc/status/${id}`);
  }

  async setConverter(id: string, command: ConverterCommand): Promise<Reply<"set">> {
    const [dvg, dig, drg] = [floatText(command.dvg), floatText(command.dig), droopText(command.drg)];
    const path = `/set/dcdc/${id}?mode=${command.mode}&dvg=${dvg}&dig=${dig}&drg=${drg}`;
    const reply = await this.request("set", path);
    this.modes.set(id, command.mode);
    this.checkEcho(path, "status", command.mode, reply.status.status);
    this.checkEcho(path, "operationMode", operationModes[command.mode], reply.status.operationMode);
    this.checkEcho(path, "dvg", Number(dvg), reply.vdis.dvg);
    this.checkEcho(path, "drg", Number(drg), reply.vdis.drg);
    this.checkEcho(path, "dig", Number(dig), reply.param.dig);
    return reply;
  }

  async setVoltage(id: string, command: Pick<ConverterCommand, "dvg" | "drg">): Promise<Reply<"voltage">> {
    const [dvg, drg] = [floatText(command.dvg), droopText(command.drg)];
    const path = `/set/dcdc/voltage/${id}?dvg=${dvg}&drg=${drg}`;
    const reply = await this.request("voltage", path);
    this.checkEcho(path, "dvg", Number(dvg), reply.vdis.dvg);
    this.checkEcho(path, "drg", Number(drg), reply.vdis.drg);
    return reply;
  }

  async setCurrent(id: string, digA: number): Promise<Reply<"current">> {
    const dig = floatText(digA);
    const path = `/set/dcdc/current/${id}?dig=${dig}`;
    const reply = await this.request("current", path);
    this.checkEcho(path, "dig", Number(dig), reply.param.dig);
    return reply;
  }

  private async request<K extends ReplyKind>(kind: K, path: string): Promise<Reply<K>> {
    return readReply(kind, await this.http.getObject(path), this.log, path);
  }

  private checkEcho(path: string, name: string, sent: unknown, read: unknown): void {
    this.log.expect(read === sent, `${path}: ${name} echoed as ${JSON.stringify(sent)}`, read);
  }
}
