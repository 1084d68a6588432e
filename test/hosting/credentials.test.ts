import { afterEach, beforeEach, expect, test } from "vitest";
import { createSecret, equalsSecret, findKey, hashSecret } from "../../src/hosting/access/credentials.ts";

/** What the platform compares in constant time; Node's Web Crypto lacks it. */
let compared: [Uint8Array, Uint8Array][];
const subtle = crypto.subtle as unknown as { timingSafeEqual?: (a: Uint8Array, b: Uint8Array) => boolean };

beforeEach(() => {
  compared = [];
  subtle.timingSafeEqual = (a, b) => {
    compared.push([a, b]);
    return a.every((byte, index) => byte === b[index]);
  };
});
afterEach(() => {
  delete subtle.timingSafeEqual;
});

const lengths = () => compared.map(([a, b]) => [a.length, b.length]);

test("Y17: every key is compared, in constant time and as a hash, whichever is right or if none is", async () => {
  const secrets = [createSecret(), createSecret(), createSecret()];
  const keys = await Promise.all(
    secrets.map(async (secret, index) => ({
      name: `k${index}`,
      hash: await hashSecret(secret),
      createdMs: 0,
    })),
  );
  for (const [given, name] of [
    [secrets[0], "k0"],
    [secrets[2], "k2"],
    ["x", undefined],
    ["", undefined],
  ] as const) {
    compared = [];
    expect((await findKey(given as string, keys))?.name).toBe(name);
    expect(lengths()).toEqual(Array(3).fill([64, 64]));
  }
});

test("Y17: secrets of any length are compared as hashes of one length", async () => {
  expect(await equalsSecret("right", "right")).toBe(true);
  for (const wrong of ["", "r", "right!", "x".repeat(5000)])
    expect(await equalsSecret(wrong, "right")).toBe(false);
  expect(lengths()).toEqual(Array(5).fill([64, 64]));
});
