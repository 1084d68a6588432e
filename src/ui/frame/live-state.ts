import { ApiError, addressOf, type CommunityJson, readState, type UnitStateJson } from "./api.ts";

/** `live` over the WebSocket, `polling` where that does not open, `lost` while nobody answers. */
export type Connection = "connecting" | "live" | "polling" | "lost";

export const refreshIntervalMs = 5000;
const retryIntervalMs = 1500;
const answerTimeoutMs = 10_000;

/** The newest state that may be shown, and how it comes here. */
export class LiveState {
  state: CommunityJson | null = null;
  /** `performance.now()` when `state` came. */
  receivedMs = 0;
  connection: Connection = "connecting";
  #autoRefresh = true;
  #socket: WebSocket | null = null;
  #askedMs: number | null = null;
  #timer = 0;
  #unitsById = new Map<string, UnitStateJson>();
  readonly #listeners = new Set<() => void>();

  get autoRefresh(): boolean {
    return this.#autoRefresh;
  }

  set autoRefresh(on: boolean) {
    this.#autoRefresh = on;
    if (on) this.#tick();
    this.#tell();
  }

  /** The unit as it is shown, if it is there. */
  unit(id: string): UnitStateJson | undefined {
    return this.#unitsById.get(id);
  }

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#tick();
    });
    this.#tick();
  }

  /** Calls `listener` after every change until the function that is returned is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    const unit = fresh.units.find((each) => each.id === id);
    const shown = this.state;
    const isAlone = !this.#autoRefresh && shown !== null && unit !== undefined;
    if (isAlone) {
      this.#show({ ...shown, units: shown.units.map((each) => (each.id === id ? unit : each)) });
    } else {
      this.#show(fresh);
    }
    return fresh;
  }

  async #read(): Promise<CommunityJson> {
    try {
      const state = await readState();
      if (this.connection === "lost" || this.connection === "connecting") this.#connect("polling");
      return state;
    } catch (error) {
      if (error instanceof ApiError && error.code === "unreachable") this.#connect("lost");
      throw error;
    }
  }

  async #tick(): Promise<void> {
    clearTimeout(this.#timer);
    if (!document.hidden) {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#ask(this.#socket);
      else await this.#poll();
    }
    clearTimeout(this.#timer);
    const interval = this.connection === "lost" ? retryIntervalMs : refreshIntervalMs;
    this.#timer = window.setTimeout(() => this.#tick(), interval);
  }

  #ask(socket: WebSocket): void {
    if (this.#askedMs !== null && performance.now() - this.#askedMs > answerTimeoutMs) {
      socket.close();
      this.#socket = null;
      this.#connect("lost");
      return;
    }
    if (!this.#autoRefresh) return;
    this.#askedMs ??= performance.now();
    socket.send("state");
  }

  async #poll(): Promise<void> {
    try {
      const state = await this.#read();
      if (this.#autoRefresh || this.state === null) this.#show(state);
      this.#openSocket();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#connect("lost");
    }
  }

  #openSocket(): void {
    if (this.#socket !== null) return;
    const address = new URL(addressOf("/live"));
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#askedMs = null;
      this.#connect("live");
    });
    socket.addEventListener("message", (event) => {
      this.#askedMs = null;
      if (this.#autoRefresh) this.#show(JSON.parse(String(event.data)));
    });
    socket.addEventListener("close", () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (this.connection === "live") this.#tick();
    });
  }

  #connect(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.#tell();
  }

  #show(state: CommunityJson): void {
    this.state = state;
    this.#unitsById = new Map(state.units.map((unit) => [unit.id, unit]));
    this.receivedMs = performance.now();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
