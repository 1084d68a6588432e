import type { UnitClient } from "./unit-client.ts";
import type { ModeCode, UnitReply } from "./unit-reader.ts";

export const voltageToleranceV = 4;
export const currentToleranceA = 0.125;

/** Share of `dig` that a unit carries in each mode; in grid autonomy the bus decides. */
const currentShares: Partial<Record<ModeCode, number>> = { "0x0000": 0, "0x0002": -1, "0x0041": 1 };

/** What apis-main checks at each poll of a bus whose voltage `reference` holds. */
export function checkBus(client: UnitClient, readings: UnitReply[], reference: string): void {
  for (const reading of readings) {
    checkMode(client, reading);
    checkVoltage(client, reading, reference);
    checkCurrent(client, reading, reference);
  }
  checkBalance(client, readings);
}

export function checkMode(client: UnitClient, { dcdc, oesunit }: UnitReply): void {
  const mode = client.modeOf(oesunit.id);
  client.log.expect(dcdc.status.status === mode, `${oesunit.id} in ${mode}`, dcdc.status.status);
}

function checkVoltage({ log }: UnitClient, { dcdc, oesunit }: UnitReply, reference: string): void {
  const { vg } = dcdc.meter;
  if (oesunit.id === reference) {
    const isHeld = Math.abs(vg - dcdc.vdis.dvg) <= voltageToleranceV;
    log.expect(isHeld, `vg of ${oesunit.id} = dvg ${dcdc.vdis.dvg} ± ${voltageToleranceV} V`, vg);
  } else if (dcdc.status.status !== "0x0000") {
    log.expect(vg >= 300 && vg <= 380, `vg of ${oesunit.id} in 300..380 V`, vg);
  }
}

/** A second unit in grid autonomy, which is not the reference, carries nothing. */
function checkCurrent({ log }: UnitClient, { dcdc, oesunit }: UnitReply, reference: string): void {
  if (oesunit.id === reference) return;
  const expectedA = (currentShares[dcdc.status.status] ?? 0) * dcdc.param.dig;
  const isCarried = Math.abs(dcdc.meter.ig - expectedA) <= currentToleranceA;
  log.expect(isCarried, `ig of ${oesunit.id} = ${expectedA} ± ${currentToleranceA} A`, dcdc.meter.ig);
}

function checkBalance({ log }: UnitClient, readings: UnitReply[]): void {
  const currents = readings.map(({ dcdc }) => dcdc.meter.ig);
  const sumA = currents.reduce((sum, current) => sum + current, 0);
  const limitA = currentToleranceA * readings.length;
  log.expect(Math.abs(sumA) <= limitA, `currents that sum to 0 ± ${limitA} A`, currents);
}
