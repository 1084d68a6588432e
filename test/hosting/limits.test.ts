import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refuseGrowth } from "../../src/community/state/command-limits.ts";
import { countRequest, countWrongKey } from "../../src/hosting/access/rate-limits.ts";
import {
  communityLimits,
  deploymentLimits,
  limitNames,
  withDefaultLimits,
} from "../../src/input/config/limits.ts";

test("Y9: the platform's counters hold the usual rates", () => {
  const toml = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");
  const bound = Object.fromEntries(
    [
      ...toml.matchAll(/name = "(\w+)"\nnamespace_id = "\d+"\nsimple = \{ limit = (\d+), period = 60 \}/g),
    ].map(([, name, limit]) => [name, Number(limit)]),
  );
  expect(bound).toEqual({
    COMMUNITY_RATE: communityLimits.requestsPerMinute.default,
    CLIENT_RATE: communityLimits.clientRequestsPerMinute.default,
    WRONG_KEY_RATE: deploymentLimits.wrongKeysPerMinute,
  });
});

test("Y9: a limit that is set counts, the usual one for the rest", () => {
  expect(withDefaultLimits({ units: 3 })).toMatchObject({
    units: 3,
    sockets: communityLimits.sockets.default,
  });
  for (const name of limitNames)
    expect(communityLimits[name].default, name).toBeLessThanOrEqual(communityLimits[name].most);
});

test("Y9: what makes a community larger is refused at its limits, what makes it smaller never", () => {
  const limits = { units: 6, storageBytes: 1000, historyDays: 1 };
  const refused = (request: Parameters<typeof refuseGrowth>[0], unitsAfter: number, bytes = 0) =>
    refuseGrowth(request, unitsAfter, bytes, limits)?.code ?? null;
  expect(refused({ kind: "addUnit" }, 6)).toBeNull();
  expect(refused({ kind: "addUnit" }, 7)).toBe("conflict");
  expect(refused({ kind: "loadLast" }, 7)).toBe("conflict");
  expect(refused({ kind: "reset", restartClock: true }, 7)).toBe("conflict");
  expect(refused({ kind: "removeUnit" }, 9)).toBeNull();
  expect(refused({ kind: "setAcceleration", accelerationFactor: 1 }, 9)).toBeNull();
  expect(refused({ kind: "save", asFile: false }, 6, 1001)).toBe("conflict");
  expect(refused({ kind: "save", asFile: false }, 6, 1000)).toBeNull();
  expect(refused({ kind: "log" }, 6, 1001)).toBeNull();
  expect(refused({ kind: "removeUnit" }, 6, 1001)).toBeNull();
  expect(refused({ kind: "deleteSnapshot", name: "a" }, 6, 1001)).toBeNull();
  expect(refused({ kind: "beginSnapshot", name: "a" }, 6, 1001)).toBe("conflict");
  expect(refused({ kind: "reset", restartClock: true }, 6, 1001)).toBeNull();
  expect(refused({ kind: "reset", restartClock: false }, 6, 1001)).toBe("conflict");
});

test("Y9: the platform's counters are asked by client and community, and their no is a refusal", async () => {
  const client = { tenant: "k", clientAddress: "192.0.2.1" };
  const asked: string[] = [];
  const counter = (success: boolean) => ({
    limit: async ({ key }: { key: string }) => {
      asked.push(key);
      return { success };
    },
  });
  const [yes, no] = [counter(true), counter(false)];
  const codeOf = async (perClient: typeof yes, perCommunity: typeof yes) =>
    (await countRequest({ CLIENT_RATE: perClient, COMMUNITY_RATE: perCommunity }, {}, client, 0))?.code ??
    null;
  expect(await codeOf(yes, yes)).toBeNull();
  expect(asked).toEqual(["192.0.2.1 k", "k"]);
  expect([await codeOf(no, yes), await codeOf(yes, no)]).toEqual(["rate_limited", "rate_limited"]);
  expect(await countWrongKey({ WRONG_KEY_RATE: yes }, client, 0)).toBeNull();
  expect((await countWrongKey({ WRONG_KEY_RATE: no }, client, 0))?.code).toBe("rate_limited");
});

test("Y9: of wrong keys the eleventh in a minute must wait, counted by sender and by what it was tried at", async () => {
  const client = { tenant: "guessed", clientAddress: "192.0.2.1" };
  const wait = async (more: object, nowMs: number) =>
    (await countWrongKey({}, { ...client, ...more }, nowMs))?.code ?? null;
  for (let n = 0; n < deploymentLimits.wrongKeysPerMinute; n++) expect(await wait({}, n)).toBeNull();
  expect(await wait({}, 59_999)).toBe("rate_limited");
  expect(await wait({ tenant: "other" }, 59_999)).toBeNull();
  expect(await wait({ clientAddress: "192.0.2.2" }, 59_999)).toBeNull();
  expect(await wait({}, 60_000)).toBeNull();
});
