import { expect, test } from "vitest";
import type { EmulatorRequest } from "../../src/community/state/request.ts";
import { readHomes } from "../../src/input/homes/read-homes.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";

const origin = { path: "/homes", source: "" };
const setHomes = (tested: TestEmulator, given: unknown) => {
  const request: EmulatorRequest = { kind: "setHomes", homes: readHomes(given) };
  return tested.emulator.answer(request, tested.wallMs, origin);
};
const chargesOf = (tested: TestEmulator) =>
  readUnits(tested, tested.wallMs).map(({ stateOfChargePercent }) => stateOfChargePercent);

test("Q10: other homes begin a chapter at this moment: percentages stay, the difference is set by hand, and the community keeps them", () => {
  const tested = createTestEmulator({ acceleration: 1 });
  tested.wallMs = 30_000_000;
  const before = chargesOf(tested);
  const answer = setHomes(tested, [{ battery: { capacityWh: 9600 } }]);
  expect(answer.ok).toBe(true);
  expect(chargesOf(tested)).toEqual(before);
  const [first, second] = tested.storage.readChapters();
  expect(first?.own).toEqual([]);
  expect(second).toMatchObject({ fromS: 30_000, afterCommandId: 0, own: ["homes"] });
  const [energies] = tested.emulator.readTodayAt(30_000);
  expect(energies?.setByHandWh).toBeCloseTo(((before[0] as number) * 4800) / 100, 9);
  const command = tested.storage.readCommands(0, 10)[0];
  expect(command).toMatchObject({ timeS: 30_000, path: "/homes", effect: "a chapter begins: homes" });

  tested.wallMs = 40_000_000;
  const told = chargesOf(tested);
  tested.evict({ homes: [{ battery: { capacityWh: 100 } }] });
  expect(tested.storage.readChapters()).toHaveLength(2);
  expect(chargesOf(tested)).toEqual(told);
});
