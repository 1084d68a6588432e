import { expect, test } from "vitest";
import { Screens, unknownVisitor, type Visitor } from "../../src/community/screens.ts";
import { packed, received } from "../../src/notation/live.ts";

/** A WebSocket of which nothing ever leaves the memory. */
class Socket {
  readyState: number = WebSocket.OPEN;
  readonly sent: (string | ArrayBuffer)[] = [];
  readonly sentMs: number[] = [];
  readonly #nowMs: () => number;
  closedWith: number | null = null;
  #attachment: unknown = null;
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }
  send(state: string | ArrayBuffer) {
    this.sent.push(state);
    this.sentMs.push(this.#nowMs());
  }
  close(code: number) {
    this.closedWith = code;
    this.readyState = WebSocket.CLOSING;
  }
  serializeAttachment(value: unknown) {
    this.#attachment = structuredClone(value);
  }
  deserializeAttachment() {
    return structuredClone(this.#attachment);
  }
}

function createScreens(states: { length: number } = { length: 20 }) {
  const sockets: Socket[] = [];
  const timers: { dueMs: number; act: () => void }[] = [];
  let nowMs = 1_000_000;
  let changes = 0;
  let reads = 0;
  const readState = () => {
    reads++;
    return String(changes).padStart(states.length, ".");
  };
  const after = (ms: number, act: () => void) => timers.push({ dueMs: nowMs + ms, act });
  const pack = async (state: string) => new TextEncoder().encode(`packed ${state}`).buffer as ArrayBuffer;
  const create = () => new Screens({ sockets: () => sockets, readState, pack, nowMs: () => nowMs, after });
  let screens = create();
  return {
    open(answers: boolean | typeof packed, visitor: Visitor = unknownVisitor): Socket {
      const socket = new Socket(() => nowMs);
      sockets.push(socket);
      screens.begin(socket, visitor, answers === true ? received : answers || null);
      return socket;
    },
    hear: (socket: Socket, message: string) => screens.hear(socket, message),
    close: (sessions: string[]) => screens.close("", sessions),
    change() {
      changes++;
      screens.tell();
    },
    /** Lets time pass to a moment at which nothing is due any more. */
    pass(ms: number) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.dueMs;
        next.act();
      }
      nowMs = endMs;
    },
    sleep() {
      timers.length = 0;
      screens = create();
    },
    present: () => String(changes).padStart(states.length, "."),
    reads: () => reads,
  };
}

test("X5: a screen that acknowledges has one state in flight, and then gets the one of that moment", () => {
  const tried = createScreens();
  const screen = tried.open(true);
  for (let change = 0; change < 900; change++) {
    tried.change();
    tried.pass(20);
  }
  expect(screen.sent).toHaveLength(1);
  tried.hear(screen, received);
  expect(screen.sent).toEqual([expect.any(String), tried.present()]);
  tried.hear(screen, received);
  tried.pass(60_000);
  expect(screen.sent).toHaveLength(2);
});

test.each([true, false])(
  "X5: nobody gets more than two states a second, and all the last (acknowledges: %s)",
  (answers) => {
    const tried = createScreens();
    const screen = tried.open(answers);
    for (let change = 0; change < 1000; change++) {
      tried.change();
      tried.hear(screen, received);
      tried.hear(screen, "state");
      tried.pass(10);
    }
    expect(screen.sent.length).toBeGreaterThan(18);
    for (const sentMs of screen.sentMs)
      expect(screen.sentMs.filter((other) => other >= sentMs && other <= sentMs + 1000).length).toBeLessThan(
        3,
      );
    tried.hear(screen, received);
    tried.pass(1050);
    expect(screen.sent.at(-1)).toBe(tried.present());
  },
);

test("X5: a state is made once for all screens", () => {
  const tried = createScreens();
  for (let screen = 0; screen < 100; screen++) tried.open(false);
  for (let change = 0; change < 100; change++) {
    tried.change();
    tried.pass(10);
  }
  tried.pass(500);
  expect(tried.reads()).toBeLessThanOrEqual(4);
});

test("X5: one that does not acknowledge for half a minute is closed", () => {
  const tried = createScreens();
  const [slow, good] = [tried.open(true), tried.open(true)];
  for (let second = 0; second < 32; second++) {
    tried.change();
    tried.hear(good, received);
    tried.pass(1000);
  }
  expect([slow.closedWith, slow.sent.length]).toEqual([1013, 1]);
  expect(good.closedWith).toBeNull();
  expect(good.sent.length).toBeGreaterThan(30);
});

test("X5: what waits for screens that say nothing, and for closing ones, is bounded; one that acknowledges goes on", () => {
  const tried = createScreens({ length: 44_000 });
  const silent = Array.from({ length: 100 }, () => tried.open(false));
  const asking = tried.open(false);
  const good = tried.open(true);
  for (let change = 0; change < 900; change++) {
    tried.change();
    tried.hear(asking, "state");
    tried.hear(good, received);
    tried.pass(600);
  }
  const waiting = [...silent, asking]
    .flatMap(({ sent }) => sent)
    .reduce((sum, state) => sum + String(state).length, 0);
  expect(waiting).toBeLessThanOrEqual(32_000_000);
  expect([...silent, asking].every(({ closedWith }) => closedWith === 1013)).toBe(true);
  expect(good.sent.length).toBeGreaterThan(890);
  const late = tried.open(false);
  for (let change = 0; change < 5; change++) {
    tried.change();
    tried.pass(500);
  }
  expect([late.sent.length, late.closedWith]).toEqual([1, 1013]);
});

test("X5: a program that only reads gets hundreds of states of a hundred homes", () => {
  const tried = createScreens({ length: 44_000 });
  const reader = tried.open(false);
  for (let change = 0; change < 700; change++) {
    tried.change();
    tried.pass(600);
  }
  expect([reader.sent.length, reader.closedWith]).toEqual([700, null]);
});

test("X4: what is in flight and what is owed outlive the object's sleep", () => {
  const tried = createScreens();
  const screen = tried.open(true);
  tried.change();
  tried.change();
  tried.sleep();
  tried.change();
  tried.pass(5000);
  expect(screen.sent).toHaveLength(1);
  tried.hear(screen, received);
  expect(screen.sent).toHaveLength(2);
});

test("Y7: a screen ends with its session: when it has expired, and when it is logged out", () => {
  const tried = createScreens();
  const from = (id: string, endMs: number) => ({ client: null, session: { id, endMs } });
  const [short, long, other] = [from("a", 1_010_000), from("b", 9e9), from("c", 9e9)].map((visitor) =>
    tried.open(false, visitor),
  ) as [Socket, Socket, Socket];
  const without = tried.open(false);
  tried.change();
  tried.pass(10_000);
  tried.change();
  expect([short.sent.length, short.closedWith]).toEqual([1, 1008]);
  tried.close(["b"]);
  expect([long, other, without].map(({ closedWith }) => closedWith)).toEqual([1008, null, null]);
});

test("X5: a screen that takes states packed gets them so, one in flight, and the last one", async () => {
  const tried = createScreens();
  const [screen, plain] = [tried.open(packed), tried.open(true)];
  const read = (state: unknown) => new TextDecoder().decode(state as ArrayBuffer);
  tried.change();
  const first = tried.present();
  for (let change = 0; change < 10; change++) tried.change();
  await Promise.resolve();
  expect(plain.sent).toEqual([first]);
  expect(screen.sent.map(read)).toEqual([`packed ${first}`]);
  tried.pass(2000);
  tried.hear(screen, received);
  await Promise.resolve();
  expect(screen.sent.map(read).at(-1)).toBe(`packed ${tried.present()}`);
  const sent = screen.sent.length;
  tried.change();
  tried.hear(screen, received);
  tried.pass(2000);
  screen.close(1000);
  await Promise.resolve();
  expect(screen.sent).toHaveLength(sent);
});
