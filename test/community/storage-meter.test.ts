import { expect, test } from "vitest";
import { StorageMeter } from "../../src/community/storage-meter.ts";

/** A storage of `bytes`, and how often it was asked. */
function createStorage(bytes: number) {
  const storage = { bytes, asked: 0 };
  const meter = new StorageMeter(() => {
    storage.asked++;
    return storage.bytes;
  });
  return { storage, meter };
}

test("Y9: near its limit a storage is measured before each command, and what makes room counts at once", () => {
  const { storage, meter } = createStorage(99_000_000);
  expect(meter.measure(100_000_000)).toBe(99_000_000);
  storage.bytes = 101_000_000;
  expect(meter.measure(100_000_000)).toBe(101_000_000);
  storage.bytes = 5000;
  expect(meter.measure(100_000_000)).toBe(5000);
});

test("Y9: far below its limit it is measured after some rows, or where more than rows has changed", () => {
  const { storage, meter } = createStorage(1_000_000);
  for (let command = 0; command < 100; command++) {
    expect(storage.bytes - meter.measure(100_000_000)).toBeLessThan(21 * 4096);
    meter.note(5);
    storage.bytes += 5 * 4096;
  }
  expect(storage.asked).toBeLessThan(25);
  storage.bytes = 99_000_000;
  meter.forget();
  expect(meter.measure(100_000_000)).toBe(99_000_000);
});
