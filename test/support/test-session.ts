export interface Told {
  readonly id: unknown;
  readonly step: number;
  readonly keptUntil: number;
  readonly timeS: number;
  readonly observations: Record<string, number[]>;
  readonly error?: { readonly code: string; readonly parameter?: string };
}

/** A session whose answers can be waited for, in their order. */
export class TestSession {
  readonly #socket: WebSocket;
  readonly #answers: Told[] = [];
  readonly #waiting: ((answer: Told) => void)[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Told;
      const next = this.#waiting.shift();
      if (next === undefined) this.#answers.push(answer);
      else next(answer);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
    });
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  next(): Promise<Told> {
    const answer = this.#answers.shift();
    return answer === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(answer);
  }

  ask(message: unknown): Promise<Told> {
    this.send(message);
    return this.next();
  }

  close(): void {
    this.#socket.close();
  }
}
