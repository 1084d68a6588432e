import { packed, received } from "../../notation/live.ts";
import { ApiError, addressOf, type CommunityJson, readError, readState, type UnitStateJson } from "./api.ts";
import { PastLook } from "./past-look.ts";
import { readColumns, unpack } from "./read-columns.ts";

/**
 * `live` over the WebSocket, `polling` where that does not open, `lost` while nobody answers, `refused` while the
 * emulator answers but will not be read, `catchingUp` while it computes the time that has passed.
 */
type Connection = "connecting" | "live" | "polling" | "lost" | "refused" | "catchingUp";

/** As the specification has it; where time runs fast, more often. */
const usualIntervalMs = 5000;
const fastIntervalMs = 1000;
const fastAboveRate = 60;
const retryIntervalMs = 1500;
const answerTimeoutMs = 10_000;
/** How much later than due an answer may come and still be called live. */
const graceMs = 1500;

/** Simulated seconds that pass in a second. */
export function rateOf({ acceleration, sleepTimeS }: CommunityJson): number {
  return acceleration / sleepTimeS;
}

/** The newest state that may be shown, and how it comes here. */
export class LiveState {
  /** The newest that is known of now, whatever is shown. */
  present: CommunityJson | null = null;
  /** What of the past is looked at in its place. */
  readonly past = new PastLook(() => this.#tell());
  connection: Connection = "connecting";
  /** Why the emulator will not be read. */
  refusal: ApiError | null = null;
  #receivedMs = 0;
  #autoRefresh = true;
  #socket: WebSocket | null = null;
  #askedMs: number | null = null;
  #timer = 0;
  #dueMs = 0;
  #unitsById = new Map<string, UnitStateJson>();
  /** Homes that were read alone since, each with the community at its moment. */
  #readAlone = new Map<string, CommunityJson>();
  readonly #listeners: (() => void)[] = [];

  /** All homes at the moment that is shown: now, or one of the past. */
  get state(): CommunityJson | null {
    return this.past.shown ?? this.present;
  }

  get autoRefresh(): boolean {
    return this.#autoRefresh;
  }

  set autoRefresh(on: boolean) {
    this.#autoRefresh = on;
    if (on) this.#tick();
    this.#tell();
  }

  /** Whether nothing new comes at the moment. */
  get isCut(): boolean {
    return this.connection === "lost" || this.connection === "refused" || this.connection === "catchingUp";
  }

  /** Whether what is shown is older than it should be: the answer to come is late, or nobody has asked for long. */
  get isLate(): boolean {
    return this.present !== null && performance.now() - this.#receivedMs > this.#intervalMs() + graceMs;
  }

  /** The unit as it is shown, if it is there: as it was read last, alone or with all. */
  unit(id: string): UnitStateJson | undefined {
    if (this.past.shown !== null) return this.past.unit(id);
    const alone = this.#readAlone.get(id);
    return alone === undefined ? this.#unitsById.get(id) : alone.units.find((unit) => unit.id === id);
  }

  /** The community at the moment of which the unit is shown. */
  momentOf(id: string): CommunityJson | null {
    return this.past.shown ?? this.#readAlone.get(id) ?? this.present;
  }

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.#tell();
      this.#tick();
    });
    this.#tick();
  }

  /** Calls `listener` after every change. */
  subscribe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads everything now, Auto Refresh or not. @throws ApiError */
  async refresh(): Promise<CommunityJson> {
    const state = await this.#read();
    this.#show(state);
    return state;
  }

  /** Reads one unit now and leaves the others as they are shown. @throws ApiError */
  async refreshUnit(id: string): Promise<CommunityJson> {
    const fresh = await this.#read();
    const isThere = fresh.units.some((each) => each.id === id);
    if (this.#autoRefresh || this.present === null || !isThere) this.#show(fresh);
    else {
      this.#readAlone.set(id, fresh);
      this.#tell();
    }
    return fresh;
  }

  async #read(): Promise<CommunityJson> {
    try {
      const state = await readState();
      if (this.connection !== "live") this.#connect("polling");
      return state;
    } catch (error) {
      if (error instanceof ApiError) this.#fail(error);
      throw error;
    }
  }

  #fail(error: ApiError): void {
    const connections: Readonly<Record<string, Connection>> = {
      unreachable: "lost",
      catching_up: "catchingUp",
    };
    this.refusal = error.code === "unreachable" ? null : error;
    this.connection = connections[error.code] ?? "refused";
    this.#tell();
  }

  /** Asks for what is new, and again an interval later. */
  async #tick(): Promise<void> {
    const beganMs = performance.now();
    clearTimeout(this.#timer);
    if (!document.hidden) {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#ask(this.#socket);
      else await this.#poll();
    }
    this.#schedule(beganMs);
  }

  #schedule(beganMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = beganMs + (this.isCut ? retryIntervalMs : this.#intervalMs());
    this.#timer = window.setTimeout(() => this.#tick(), Math.max(0, this.#dueMs - performance.now()));
  }

  #intervalMs(): number {
    if (this.present === null) return usualIntervalMs;
    const isFast = Math.max(this.present.acceleration, rateOf(this.present)) > fastAboveRate;
    return isFast ? fastIntervalMs : usualIntervalMs;
  }

  /** Asks over the WebSocket, unless an answer is still to come. */
  #ask(socket: WebSocket): void {
    if (this.#askedMs !== null) {
      if (performance.now() - this.#askedMs <= answerTimeoutMs) return;
      socket.close();
      this.#socket = null;
      this.#connect("lost");
      return;
    }
    if (!this.#autoRefresh && !this.isCut) return;
    this.#askedMs = performance.now();
    socket.send("state");
  }

  async #poll(): Promise<void> {
    try {
      const state = await this.#read();
      if (this.#autoRefresh || this.present === null) this.#show(state);
      this.#openSocket();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #openSocket(): void {
    if (this.#socket !== null) return;
    const address = new URL(addressOf("/live"));
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, [packed, received]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#askedMs = null;
      this.#connect("live");
    });
    socket.addEventListener("message", async (event) => {
      this.#askedMs = null;
      const told = JSON.parse(await unpack(event.data));
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(received);
      const body = socket.protocol === packed && told.units !== undefined ? readColumns(told) : told;
      const error = readError(body);
      if (error !== null) return this.#fail(error);
      this.#connect("live");
      if (this.#autoRefresh || this.present === null) this.#show(body);
    });
    socket.addEventListener("close", () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (this.connection === "live" || this.connection === "catchingUp") this.#tick();
    });
  }

  #connect(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.#tell();
  }

  #show(state: CommunityJson): void {
    // Another run, or an earlier moment of this one, has another past.
    if (state.timeS < (this.present?.timeS ?? 0)) this.past.end();
    this.present = state;
    this.#unitsById = new Map(state.units.map((unit) => [unit.id, unit]));
    this.#readAlone.clear();
    this.#receivedMs = performance.now();
    // Time may have become faster.
    if (this.#dueMs > this.#receivedMs + this.#intervalMs()) this.#schedule(this.#receivedMs);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
