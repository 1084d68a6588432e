import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChargeMap, CommunityHistory, UnitHistory } from "../../src/community/records/history.ts";
import { replayUnit } from "../../src/community/records/replay.ts";
import type { WorldInput } from "../../src/input/config/create-world.ts";
import type { Ledger } from "../../src/simulation/ledger.ts";
import { createTestEmulator, evenInput, readUnits, type TestEmulator } from "../support/emulators.ts";
import { commands, live } from "../support/lives.ts";

const dayMs = 86_400_000;
const endMs = 3 * dayMs;

/** Three days of a sun and a demand that change from point to point. */
const hilly: WorldInput = {
  ...evenInput,
  solar: { stepS: 3600, values: Float64Array.from({ length: 72 }, (_, i) => ((i * 7919) % 97) * 25) },
  demandOf: (home) => ({
    stepS: 1800,
    values: Uint16Array.from({ length: 144 }, (_, i) => (((i + home) * 6151) % 83) * 20),
  }),
};

async function read<T>(tested: TestEmulator, query: string): Promise<T> {
  const response = await tested.get(`/history?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function liveThrough(timed: [number, string][], input = hilly, parameters = {}): Promise<TestEmulator> {
  const tested = createTestEmulator({ acceleration: 1, ...parameters }, input);
  await live(tested, timed);
  tested.wallMs = endMs;
  return tested;
}

/** Energy of a column of mean powers [Wh]. */
function energyWh({ lengthS }: UnitHistory, means: readonly (number | null)[]): number {
  return means.reduce<number>((sum, mean, i) => sum + ((mean ?? 0) * (lengthS[i] as number)) / 3600, 0);
}

const resolutions = fc.constantFrom(700, 1800, 3600, 5000, 21_600, 86_400, 200_000);

test("R21: no reading lies outside its bin, and some come as near as readings every second can", async () => {
  await fc.assert(
    fc.asyncProperty(
      commands,
      resolutions,
      fc.integer({ min: 0, max: 250_000 }),
      async (timed, length, at) => {
        const tested = await liveThrough(timed);
        const history = await read<UnitHistory>(
          tested,
          `unit=E001&from=${at}&to=${at + 1}&resolution=${length}`,
        );
        const { fromS, toS } = history;
        expect(fromS).toBe(Math.floor(at / length) * length);
        expect(toS).toBe(Math.min(fromS + length, endMs / 1000));
        const stepS = length > 5000 ? 20 : 1;
        const replay = replayUnit(tested.storage, tested.emulator.readChapters(), 1, fromS, toS);
        const charges: number[] = [];
        for (let timeS = fromS; timeS < toS; timeS += stepS)
          charges.push(replay.readAt(timeS)?.reading.stateOfChargePercent ?? Number.NaN);
        const [least, mean, most] = [history.rsocMin[0], history.rsoc[0], history.rsocMax[0]] as number[];
        expect(Math.min(...charges)).toBeGreaterThanOrEqual((least as number) - 1e-6);
        expect(Math.max(...charges)).toBeLessThanOrEqual((most as number) + 1e-6);
        // A charge set by hand leaps, and may be replaced before the next second.
        const leaps = timed.some(([ms]) => ms >= (fromS - 1) * 1000 && ms <= toS * 1000);
        if (leaps) return;
        const reach = 0.05 * stepS;
        expect(Math.min(...charges)).toBeLessThan((least as number) + reach);
        expect(Math.max(...charges)).toBeGreaterThan((most as number) - reach);
        const sum = charges.reduce((total, charge) => total + charge, 0);
        expect(sum / charges.length).toBeCloseTo(mean as number, stepS === 1 ? 1 : 0);
      },
    ),
    { numRuns: 25 },
  );
});

test("R21: a long bin is what the short ones in it say: least, greatest, and mean over the time the unit was there", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.constantFrom(2, 7, 24, 60), async (timed, parts) => {
      const tested = await liveThrough(timed);
      for (const unit of ["E001", "E003"]) {
        const long = await read<UnitHistory>(tested, `unit=${unit}&resolution=${parts * 720}`);
        const short = await read<UnitHistory>(tested, `unit=${unit}&resolution=720`);
        long.timeS.forEach((beginS, bin) => {
          const endS = beginS + (long.lengthS[bin] as number);
          const within = (column: (number | null)[]) =>
            column.filter((value, i) => {
              const at = short.timeS[i] as number;
              return value !== null && at >= beginS && at < endS;
            }) as number[];
          const charges = within(short.rsoc);
          expect(long.rsoc[bin] === null).toBe(charges.length === 0);
          if (charges.length === 0) return;
          expect(long.rsocMin[bin]).toBeCloseTo(Math.min(...within(short.rsocMin)), 5);
          expect(long.rsocMax[bin]).toBeCloseTo(Math.max(...within(short.rsocMax)), 5);
          // Where the unit came or went in a short bin, that counts for less.
          if (timed.some(([, path]) => /unit|last|restart/.test(path))) return;
          const mean = charges.reduce((sum, charge) => sum + charge, 0) / charges.length;
          expect(long.rsoc[bin]).toBeCloseTo(mean, 5);
        });
      }
    }),
    { numRuns: 20 },
  );
});

/** A sun from 11:00 to 13:00, highest at noon, and no demand. */
function createNoonInput(days: number, noonW: number): WorldInput {
  return {
    homes: 1,
    days,
    solar: {
      stepS: 3600,
      values: Float64Array.from({ length: days * 24 }, (_, i) => (i % 24 === 12 ? noonW : 0)),
    },
    demandOf: () => ({ stepS: 1800, values: new Uint16Array(days * 48) }),
  };
}

describe("a year of one home", () => {
  const year = 365;

  async function liveYear(noonW: number, charge: number): Promise<TestEmulator> {
    const input = createNoonInput(year, noonW);
    const tested = createTestEmulator({ acceleration: 1, units: 1 }, input);
    await tested.get(`/set/emu/E001?rsoc=${charge}`);
    tested.wallMs = year * dayMs - 1;
    return tested;
  }

  test("R21: bins of any length show 100 % where the battery is full for a moment at noon", async () => {
    const tested = await liveYear(20_000, 60);
    for (const query of ["", "&resolution=86400", "&resolution=604800", "&resolution=31536000"]) {
      const { rsocMin, rsoc, rsocMax } = await read<UnitHistory>(tested, `unit=E001${query}`);
      expect(new Set(rsocMax)).toEqual(new Set([100]));
      for (const least of rsocMin) expect(least).toBeLessThan(60);
      for (const mean of rsoc) expect(mean).toBeLessThan(95);
      const bands = await read<CommunityHistory>(tested, query.slice(1));
      expect(bands.rsocP95).toEqual(rsocMax);
      expect(bands.rsocP5).toEqual(rsocMin);
      expect((await read<ChargeMap>(tested, `map=rsoc${query}`)).rsocMax).toEqual(
        rsocMax.map((most) => [most]),
      );
    }
  });

  test("R21: a day is the area of its quadratics", async () => {
    // Idle losses of 151 W in battery mode; the sun is a triangle of 2 h about noon.
    const noonW = 1000;
    const tested = await liveYear(noonW, 90);
    const { rsocMin, rsoc, rsocMax } = await read<UnitHistory>(tested, "unit=E001&to=86399&resolution=86400");
    const drain = 151 / 48; // %/h
    const sun = noonW / 48;
    // Up where sun − drain > 0: from 11 h + drain/sun to 13 h − drain/sun.
    const least = 90 - drain * 11 - (drain * (drain / sun)) / 2;
    expect(rsocMin[0]).toBeCloseTo(Math.min(least, 90 - drain * 24 + sun), 5);
    expect(rsocMax[0]).toBe(90);
    // The sun's unit of charge comes about noon on the average: it counts for half a day.
    expect(rsoc[0]).toBeCloseTo(90 - drain * 12 + sun / 2, 5);
  });
});

test("R2: mean powers times lengths are the ledger's energies for any bins, commands or not", async () => {
  const timed: [number, string][] = [
    [7_200_500, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2"],
    [7_300_700, "/set/dcdc/E001?mode=0x0041&dvg=350&dig=2"],
    [30_000_100, "/set/emu/E001?rsoc=90"],
    [90_000_100, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2"],
  ];
  const tested = await liveThrough(timed);
  tested.wallMs = endMs - 12_345;
  const { ledger } = readUnits(tested, tested.wallMs)[0] as { ledger: Ledger };
  expect(ledger.fromDcGridWh).toBeGreaterThan(1000);
  for (const resolution of [137, 1800, 5000, 86_400, 1_000_000]) {
    const history = await read<UnitHistory>(tested, `unit=E001&resolution=${resolution}`);
    expect(energyWh(history, history.demandW)).toBeCloseTo(ledger.demandWh, 3);
    expect(energyWh(history, history.solarW)).toBeCloseTo(ledger.solarWh - ledger.curtailedSolarWh, 3);
    expect(energyWh(history, history.acIntakeW)).toBeCloseTo(ledger.acIntakeWh, 3);
    expect(energyWh(history, history.gridW)).toBeCloseTo(ledger.fromDcGridWh - ledger.toDcGridWh, 3);
    expect(energyWh(history, history.batteryW)).toBeCloseTo(ledger.batteryChangeWh, 3);
    expect(energyWh(history, history.wastedW)).toBeCloseTo(ledger.wastedWh, 3);
  }
});

test("R2: each bin closes, for units and the community, whatever is commanded", async () => {
  await fc.assert(
    fc.asyncProperty(commands, resolutions, async (timed, length) => {
      const tested = await liveThrough(timed);
      for (const query of ["unit=E001&", ""]) {
        const history = await read<UnitHistory>(tested, `${query}resolution=${length}`);
        const at = (name: keyof UnitHistory, bin: number) =>
          (history[name] as never)[bin] as unknown as number;
        history.timeS.forEach((_, bin) => {
          if (at("rsoc", bin) === null) return;
          const into = at("solarW", bin) + at("acIntakeW", bin) + at("gridW", bin);
          const losses = at("acLossW", bin) + at("dcLossW", bin) + at("wastedW", bin) - at("curtailedW", bin);
          expect(Math.abs(into - losses - at("demandW", bin) - at("batteryW", bin))).toBeLessThan(1e-4);
        });
      }
    }),
    { numRuns: 15 },
  );
});

test("R2: each bin of homes with limits closes too, with what was unserved, sold and lost", async () => {
  const homes = [
    {
      battery: { capacityWh: 3000, floorPercent: 10, chargeEfficiency: 0.9, dischargeEfficiency: 0.95 },
      pv: { peakPowerW: 5000 },
      ac: { importLimitW: 500, exportLimitW: 400, exportEfficiency: 0.9 },
    },
    { battery: { selfDischargeW: 20, chargeLimitW: 100 }, pv: { controllerLimitW: 150 } },
  ];
  const outages = [{ from: 20_000, until: 90_000 }];
  const tested = createTestEmulator({ acceleration: 1, units: 2, homes, outages }, hilly);
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  tested.wallMs = 1000_000;
  await tested.get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  tested.wallMs = 200_000_000;
  expect(await read(createTestEmulator({ acceleration: 1 }), "")).not.toHaveProperty("soldW");
  for (const query of ["unit=E001&", "unit=E002&", ""]) {
    const history = await read<UnitHistory>(tested, `${query}resolution=900`);
    history.timeS.forEach((_, bin) => {
      const at = (name: keyof UnitHistory) => (history[name] as number[])[bin] as number;
      const into = at("solarW") + at("acIntakeW") + at("gridW") + at("unservedW");
      const lost = at("acLossW") + at("dcLossW") + at("saleLossW") + at("batteryLossW");
      const wastedImport = at("wastedW") - at("curtailedW");
      const out = at("demandW") + at("soldW") + lost + wastedImport + at("batteryW");
      expect(Math.abs(into - out)).toBeLessThan(1e-5);
    });
    if (query.includes("E002")) continue;
    for (const name of ["unservedW", "soldW", "saleLossW", "batteryLossW"] as const)
      expect(Math.max(...(history[name] as number[])), name).toBeGreaterThan(0);
  }
});

test("R2: a unit that comes and goes within bins is told with all its energies", async () => {
  const tested = await liveThrough([
    [20_000_000, "/remove/unit"],
    [100_000_000, "/add/unit"],
  ]);
  const fine = await read<CommunityHistory>(tested, "resolution=200");
  const coarse = await read<CommunityHistory>(tested, "resolution=86400");
  const demandWh = (of: CommunityHistory) => energyWh(of, of.demandW);
  expect(demandWh(coarse)).toBeCloseTo(demandWh(fine), 3);
});

test("R3: the community has percentiles of its units' bins, sums of their powers and a map", async () => {
  const tested = await liveThrough([[0, "/set/emu/E003?rsoc=80"]], evenInput, { units: 3 });
  const query = "to=7200&resolution=3600";
  const units = await Promise.all(
    ["E001", "E002", "E003"].map((unit) => read<UnitHistory>(tested, `unit=${unit}&${query}`)),
  );
  const [first, , third] = units as [UnitHistory, UnitHistory, UnitHistory];
  const history = await read<CommunityHistory>(tested, query);
  expect(history.rsocMax).toEqual(third.rsocMax);
  expect(history.rsocMin).toEqual(first.rsocMin);
  expect(history.rsocMedian).toEqual(first.rsoc);
  const [low, high] = [first.rsocMax[1] as number, third.rsocMax[1] as number];
  expect(history.rsocP95[1]).toBeCloseTo(low + 0.9 * (high - low), 5);
  expect(history.rsocP5).toEqual(first.rsocMin);
  expect(history.demandW).toEqual([1200, 1200]);
  const map = await read<ChargeMap>(tested, `map=rsoc&${query}`);
  expect(map.units).toEqual(["E001", "E002", "E003"]);
  for (const name of ["rsocMin", "rsoc", "rsocMax"] as const)
    expect(map[name]).toEqual([0, 1].map((bin) => units.map((unit) => unit[name][bin])));
});

describe("bins", () => {
  test("R22: labelled by beginning and length, whole ones up to the present", async () => {
    const tested = createTestEmulator({ acceleration: 1 });
    tested.wallMs = dayMs + 10_320;
    const history = await read<UnitHistory>(tested, "unit=E001&from=80000&to=200000&resolution=3600");
    expect(history).toMatchObject({ fromS: 79_200, toS: 86_410.32, resolutionS: 3600 });
    expect(history.timeS).toEqual([79_200, 82_800, 86_400]);
    expect(history.time).toEqual(["2020-01-01 22:00:00", "2020-01-01 23:00:00", "2020-01-02 00:00:00"]);
    expect(history.lengthS).toEqual([3600, 3600, 10.32]);
    const early = await read<UnitHistory>(tested, "unit=E001&from=4000&to=7000&resolution=3600");
    expect(early).toMatchObject({ timeS: [3600], lengthS: [3600], toS: 7200 });
  });

  test("R22: at most 2,000, however many are asked for, and as long as asked for where they are fewer", async () => {
    const tested = await liveThrough([]);
    for (const [query, bins] of [
      ["resolution=1", 864],
      ["resolution=129.6", 1994],
      ["resolution=137", 1892],
      ["from=1000&to=2999&resolution=1", 1999],
      ["", 144],
    ] as const) {
      const history = await read<UnitHistory>(tested, `unit=E001&${query}`);
      expect(history.timeS, query).toHaveLength(bins);
      for (const column of Object.values(history))
        if (Array.isArray(column)) expect(column).toHaveLength(bins);
    }
  });

  test("R22: null where a unit was not there, and none where nothing has passed", async () => {
    const tested = await liveThrough([
      [10_000_000, "/remove/unit"],
      [50_000_000, "/add/unit"],
    ]);
    const { rsoc, rsocMin, demandW } = await read<UnitHistory>(tested, "unit=E004&resolution=5000&to=60000");
    for (const column of [rsoc, rsocMin, demandW])
      expect(column.map((value) => value === null)).toEqual([..."001111111100"].map((flag) => flag === "1"));
    const map = await read<ChargeMap>(tested, "map=rsoc&resolution=5000&to=60000");
    expect(map.rsoc.map((row) => row[3])).toEqual(rsoc);
    const fresh = createTestEmulator();
    expect(await read<UnitHistory>(fresh, "unit=E001")).toMatchObject({ timeS: [], rsoc: [], demandW: [] });
    tested.wallMs += 1234;
    for (const query of ["from=9000000&to=9900000", "from=1e12", "from=1e12&resolution=1e9"]) {
      expect(await read<UnitHistory>(tested, `unit=E001&${query}`), query).toMatchObject({
        timeS: [],
        rsoc: [],
      });
      expect(await read<ChargeMap>(tested, `map=rsoc&${query}`), query).toMatchObject({
        timeS: [],
        rsoc: [],
      });
    }
  });

  test("R22: a unit that was removed has its past, one that never was is refused", async () => {
    const tested = await liveThrough([]);
    const before = await read<UnitHistory>(tested, "unit=E004&to=40000&resolution=5000");
    await tested.get("/remove/unit");
    expect(await read<UnitHistory>(tested, "unit=E004&to=40000&resolution=5000")).toEqual(before);
    expect(before.demandW).not.toContain(null);
    expect((await tested.get("/history?unit=E005")).status).toBe(404);
  });

  test("R22: without power flow charges stand still between commands", async () => {
    const tested = await liveThrough([[10_000_000, "/set/emu/E001?rsoc=80"]], hilly, { doUpdates: false });
    const { rsocMin, rsoc, rsocMax } = await read<UnitHistory>(tested, "unit=E001&to=15000&resolution=5000");
    expect([rsocMin, rsoc, rsocMax]).toEqual([
      [50, 50, 80],
      [50, 50, 80],
      [50, 50, 80],
    ]);
  });
});
