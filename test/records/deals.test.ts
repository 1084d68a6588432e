import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deal } from "../../src/community/records/deals.ts";
import type { UnitHistory } from "../../src/community/records/history.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { commands, live } from "../support/lives.ts";

const threeDaysS = 3 * 86_400;

async function readDeals(tested: TestEmulator, query = "") {
  const response = await tested.get(`/deals?${query}`);
  return (await response.json()) as { fromS: number; toS: number; deals: Deal[]; more: number };
}

/** What the ledgers of a unit tell that it took from and gave to the DC grid in a span [Wh]. */
async function readExchange(tested: TestEmulator, unit: string, fromS: number, toS: number) {
  const response = await tested.get(
    `/history?unit=${unit}&from=${fromS}&to=${toS}&resolution=${toS - fromS}`,
  );
  const { exchangeW, gridW, lengthS } = (await response.json()) as UnitHistory;
  const takenWh = ((exchangeW[0] ?? 0) * (lengthS[0] ?? 0)) / 3600;
  return { takenWh, givenWh: takenWh - ((gridW[0] ?? 0) * (lengthS[0] ?? 0)) / 3600 };
}

const sumOf = (deals: readonly Deal[]) => deals.reduce((sum, { transferredWh }) => sum + transferredWh, 0);

test("R27: deals add up to what the ledgers of their homes tell, and each is a longest stretch", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.integer({ min: 0, max: 2 }), async (timed, day) => {
      const tested = createTestEmulator({ acceleration: 1 });
      await live(tested, timed);
      tested.wallMs = threeDaysS * 1000;
      const fromS = day * 86_400;
      const toS = fromS + 86_400;
      const { deals, more } = await readDeals(tested, `from=${fromS}&to=${toS}`);
      expect(more).toBe(0);
      for (const unit of ["E001", "E002"]) {
        const { takenWh, givenWh } = await readExchange(tested, unit, fromS, toS);
        expect(sumOf(deals.filter(({ taker }) => taker === unit))).toBeCloseTo(takenWh, 3);
        expect(sumOf(deals.filter(({ giver }) => giver === unit))).toBeCloseTo(givenWh, 3);
      }
      const ends = new Map<string, number>();
      for (const { giver, taker, fromS: beginS, toS: endS, transferredWh, givenWh, gotWh, holder } of deals) {
        expect(giver).not.toBe(taker);
        expect(transferredWh).toBeGreaterThan(0);
        expect(givenWh).toBeGreaterThan(transferredWh);
        expect(gotWh).toBeLessThan(transferredWh);
        expect(holder).not.toBe("");
        expect(beginS).toBeGreaterThan(ends.get(`${giver} ${taker}`) ?? -1);
        ends.set(`${giver} ${taker}`, endS);
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

async function trade(tested: TestEmulator): Promise<void> {
  await tested.get("/set/acc/1");
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&drg=0&dig=4");
  tested.wallMs += 200_000;
  await tested.get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  await tested.get("/set/dcdc/E003?mode=0x0002&dvg=350&dig=1");
  tested.wallMs += 3_600_000;
  await tested.get("/set/dcdc/E003?mode=0x0000&dvg=350&dig=1");
  tested.wallMs += 3_600_000;
}

test("R27: takers share givers by their power; a deal tells its holder, current, voltage, losses and efficiency", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  await trade(tested);
  const { deals } = await readDeals(tested);
  expect(deals).toMatchObject([
    { giver: "E003", taker: "E002", holder: "E001", fromS: 200, toS: 3800, end: "2020-01-01 01:03:20" },
    { giver: "E001", taker: "E002", holder: "E001", fromS: 200, toS: 7400, end: null },
  ]);
  const [ended, goesOn] = deals as [Deal, Deal];
  expect([ended.meanCurrentA, ended.meanVoltageV, ended.transferredWh]).toEqual([1, 350, 350]);
  expect([goesOn.meanCurrentA, goesOn.transferredWh]).toEqual([1.5, 1050]);
  const { DCDischargeLoss, DCChargeLoss } = tested.emulator.config;
  // In this hour E002 takes as much from each of its two givers, and its own loss is shared between them.
  expect(ended.givenWh).toBeCloseTo(350 + DCDischargeLoss, 9);
  expect(ended.gotWh).toBeCloseTo(350 - DCChargeLoss / 2, 9);
  expect(ended.lossesWh).toBeCloseTo(DCDischargeLoss + DCChargeLoss / 2, 9);
  expect(ended.efficiency).toBeCloseTo((350 - DCChargeLoss / 2) / (350 + DCDischargeLoss), 9);
});

test("R27: deals of one home, as CSV, and within a span, cut at its ends; one home that is none is refused", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  await trade(tested);
  expect((await readDeals(tested, "unit=E003")).deals.map(({ giver }) => giver)).toEqual(["E003"]);
  expect((await readDeals(tested, "unit=E004")).deals).toEqual([]);
  const cut = await readDeals(tested, "from=1000&to=2000");
  expect(cut.deals.map(({ fromS, toS, end, transferredWh }) => [fromS, toS, end, transferredWh])).toEqual([
    [1000, 2000, null, (350 * 1000) / 3600],
    [1000, 2000, null, (350 * 1000) / 3600],
  ]);
  for (const query of ["unit=E005", "unit=e001", "from=2&to=1", "from=x"])
    expect((await tested.get(`/deals?${query}`)).status, query).toBeGreaterThanOrEqual(400);
});
