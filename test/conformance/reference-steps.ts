import { checkMode, currentToleranceA, voltageToleranceV } from "./running-checks.ts";
import { readAll, readingOf, type Session, settle, waitingCommand } from "./session.ts";
import type { ConverterCommand, UnitClient } from "./unit-client.ts";
import type { UnitReply } from "./unit-reader.ts";

export const dcGridVoltageV = 350;
export const referenceCommand: ConverterCommand = { mode: "0x0014", dvg: dcGridVoltageV, dig: 2.3, drg: 0 };

const deadBusVoltageV = 290;
const rampLimitS = 180;
const trialVoltagesV = [330, 340, 360, 370];
const trialCount = 3;
const stopVoltageV = 310;

/** Makes a unit the voltage reference of a dead bus. */
export async function activate(session: Session, reference: string): Promise<void> {
  const { client } = session;
  client.log.begin("activate");
  checkBusDead(client, await readAll(session));
  const reply = await client.setConverter(reference, referenceCommand);
  client.log.note({ vg: reply.meter.vg });
}

/** Polls until the bus has its voltage. */
export async function rampUp(session: Session, reference: string): Promise<void> {
  const { client, passTime, secondsPerPoll } = session;
  client.log.begin("ramp up");
  const first = await readRamp(session, reference);
  let last = first;
  while (last.dcdc.meter.vg < dcGridVoltageV - voltageToleranceV) {
    const isInTime = last.time - first.time < rampLimitS;
    client.log.expect(
      isInTime,
      `vg ≥ dvg − ${voltageToleranceV} V within ${rampLimitS} s`,
      last.dcdc.meter.vg,
    );
    await passTime(secondsPerPoll, "ramp up");
    const next = await readRamp(session, reference);
    checkTimeMoved(client, last, next);
    last = next;
  }
  client.log.note({ firstVg: first.dcdc.meter.vg, vg: last.dcdc.meter.vg, seconds: last.time - first.time });
}

async function readRamp(session: Session, reference: string): Promise<UnitReply> {
  const { client } = session;
  const readings = await readAll(session);
  for (const reading of readings) {
    checkMode(client, reading);
    const { ig } = reading.dcdc.meter;
    client.log.expect(
      Math.abs(ig) <= currentToleranceA,
      `no current in ${reading.oesunit.id} while ramping`,
      ig,
    );
  }
  return readingOf(readings, reference);
}

/** Proves that the reference, and no other, holds the bus: each voltage asked for comes at once. */
export async function authorise(session: Session, reference: string): Promise<void> {
  const { client, choose } = session;
  client.log.begin("authorise");
  const trials = Array.from(
    { length: trialCount },
    () => trialVoltagesV[choose(trialVoltagesV.length)] as number,
  );
  for (const dvg of [...trials, dcGridVoltageV]) {
    await client.setVoltage(reference, { dvg, drg: 0 });
    await settle(session, reference, "vg", dvg, voltageToleranceV);
  }
  client.log.note({ voltages: trials.join(" ") });
}

/** Lowers the bus and lets it fall. */
export async function stopReference(session: Session, reference: string): Promise<void> {
  const { client } = session;
  client.log.begin("stop reference");
  await client.setVoltage(reference, { dvg: stopVoltageV, drg: 0 });
  const loweredV = await settle(session, reference, "vg", stopVoltageV, voltageToleranceV);
  await client.setConverter(reference, waitingCommand);
  const readings = await readAll(session);
  checkBusDead(client, readings);
  client.log.note({ loweredVg: loweredV, vg: readingOf(readings, reference).dcdc.meter.vg });
}

export function checkBusDead({ log }: UnitClient, readings: UnitReply[]): void {
  for (const { dcdc, oesunit } of readings) {
    const { vg } = dcdc.meter;
    log.expect(vg < deadBusVoltageV, `a dead bus (vg of ${oesunit.id} < ${deadBusVoltageV} V)`, vg);
  }
}

export function checkTimeMoved({ log }: UnitClient, before: UnitReply, after: UnitReply): void {
  log.expect(after.time > before.time, `time to move on from ${before.time}`, after.time);
}
