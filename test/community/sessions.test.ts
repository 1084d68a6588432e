import { expect, test } from "vitest";
import { parseSessionMessage } from "../../src/api/http/step-bodies.ts";
import { Sessions } from "../../src/community/sessions.ts";
import { answerWith } from "../../src/notation/refusal.ts";

/** Sessions of which the test lets each message be answered. */
function createSessions() {
  const releases: (() => void)[] = [];
  const timers: { ms: number; act: () => void }[] = [];
  const kept: string[] = [];
  const sessions: Sessions = new Sessions({
    read: parseSessionMessage,
    count: () => new Promise((resolve) => releases.push(() => resolve(null))),
    take: async (request) => answerWith({ kind: request.kind }),
    async keep() {
      const settle = sessions.beginKeeping();
      kept.push("kept");
      settle();
    },
    after: (ms, act) => timers.push({ ms, act }),
  });
  const sent: { id: unknown; step: number; keptUntil: number }[] = [];
  let attachment: unknown = null;
  const closed: number[] = [];
  const socket = {
    readyState: WebSocket.OPEN,
    send: (text: string) => sent.push(JSON.parse(text)),
    close: (code: number) => closed.push(code),
    serializeAttachment(value: unknown) {
      attachment = structuredClone(value);
    },
    deserializeAttachment: () => attachment,
  };
  const limits = { units: 10, storageBytes: 1e9, historyDays: 10 };
  sessions.begin(socket, { visitor: { client: null, session: null }, source: "test", limits });
  const hear = (message: unknown) => sessions.hear(socket, JSON.stringify(message));
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const release = async () => {
    await turn();
    releases.shift()?.();
    await turn();
  };
  return { hear, release, sent, closed, kept, timers };
}

test("J17: at most 64 messages of a session wait for their answer, beyond that it is closed", async () => {
  const { hear, release, sent, closed } = createSessions();
  for (let id = 0; id < 64; id++) void hear({ id, seconds: 1 });
  expect(closed).toEqual([]);
  void hear({ id: 64, seconds: 1 });
  expect(closed).toEqual([1008]);
  for (let id = 0; id < 64; id++) await release();
  expect(sent.map(({ id }) => id)).toEqual(Array.from({ length: 64 }, (_, id) => id));
});

test("J17: a hundred steps are kept at once, fewer after 50 ms, and all that went before with wait", async () => {
  const { hear, release, sent, kept, timers } = createSessions();
  void hear({ id: 1, seconds: 1 });
  await release();
  expect([kept.length, timers.map(({ ms }) => ms)]).toEqual([0, [50]]);
  void hear({ id: 2, steps: Array(98).fill({ seconds: 1 }) });
  await release();
  expect(kept).toHaveLength(0);
  void hear({ id: 3, seconds: 1 });
  await release();
  expect(kept).toHaveLength(1);
  void hear({ id: 4, seconds: 1 });
  await release();
  timers[0]?.act();
  expect(kept).toHaveLength(2);
  void hear({ id: 5, seconds: 1, wait: true });
  await release();
  expect(kept).toHaveLength(3);
  expect(sent.map(({ id, step, keptUntil }) => [id, step, keptUntil])).toEqual([
    [1, 1, 0],
    [2, 99, 0],
    [3, 100, 0],
    [4, 101, 100],
    [5, 102, 102],
  ]);
});
