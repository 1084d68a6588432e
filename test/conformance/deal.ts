import {
  activate,
  authorise,
  checkTimeMoved,
  dcGridVoltageV,
  rampUp,
  stopReference,
} from "./reference-steps.ts";
import { currentToleranceA } from "./running-checks.ts";
import { readingOf, readLiveBus, type Session, settle, waitingCommand } from "./session.ts";
import type { LoggedStep } from "./step-log.ts";
import type { UnitReply } from "./unit-reader.ts";

const heteronomyVoltageV = 380;
const currentStepA = 1;
const compensationLimitA = 0.03;
const compensationCount = 3;
const lowestDischargingPercent = 20;
const highestChargingPercent = 95;

/** Energy passes from one unit to another; the charging one holds the voltage. */
export interface Deal {
  charging: string;
  discharging: string;
  currentA: number;
  energyWh: number;
}

/** Does one whole deal as apis-main does it; throws at the first check that fails. */
export async function runDeal(session: Session, deal: Deal): Promise<LoggedStep[]> {
  await activate(session, deal.charging);
  await rampUp(session, deal.charging);
  await authorise(session, deal.charging);
  await warmUp(session, deal);
  await compensate(session, deal);
  await run(session, deal);
  await stopDischarging(session, deal.discharging);
  await stopReference(session, deal.charging);
  return session.client.log.steps;
}

/** Lets the discharging unit give its current, in steps of 1 A until the echo says that it is there. */
async function warmUp(session: Session, { discharging, currentA }: Deal): Promise<void> {
  const { client } = session;
  client.log.begin("warm up");
  const targetA = Math.fround(currentA);
  let digA = Math.fround(Math.min(currentStepA, targetA));
  await client.setConverter(discharging, { mode: "0x0002", dvg: heteronomyVoltageV, dig: digA, drg: 0 });
  digA = await echoedCurrent(session, discharging, digA);
  while (digA !== targetA) {
    const missingA = Math.fround(targetA - digA);
    digA = await echoedCurrent(session, discharging, digA + Math.min(currentStepA, missingA));
  }
  const ig = await settle(session, discharging, "ig", -targetA, currentToleranceA);
  client.log.note({ dig: digA, ig });
}

async function echoedCurrent({ client }: Session, id: string, digA: number): Promise<number> {
  return Math.fround((await client.setCurrent(id, digA)).param.dig);
}

/** Trims the discharging unit's current until the charging one gets what was agreed. */
async function compensate(session: Session, { charging, discharging, currentA }: Deal): Promise<void> {
  const { client } = session;
  client.log.begin("compensate");
  let digA = currentA;
  let ig = (await client.getStatus(charging)).meter.ig;
  let trims = 0;
  for (; trims < compensationCount && isOff(ig, currentA); trims++) {
    digA = Math.max(0, digA + currentA - ig);
    await client.setCurrent(discharging, digA);
    ig = (await client.getStatus(charging)).meter.ig;
  }
  client.log.expect(!isOff(ig, currentA), `ig of ${charging} = ${currentA} ± ${compensationLimitA} A`, ig);
  client.log.note({ ig, trims });
}

function isOff(currentA: number, targetA: number): boolean {
  return Math.abs(currentA - targetA) > compensationLimitA + 1e-9;
}

/** Polls both units until the agreed energy has reached the charging one. */
async function run(session: Session, { charging, discharging, energyWh }: Deal): Promise<void> {
  const { client, passTime, secondsPerPoll } = session;
  client.log.begin("run");
  const first = readingOf(await readLiveBus(session, charging), charging);
  let last = first;
  let passedWh = 0;
  while (passedWh < energyWh) {
    await passTime(secondsPerPoll, "run");
    const readings = await readLiveBus(session, charging);
    checkCharge(session, readingOf(readings, discharging), readingOf(readings, charging));
    const next = readingOf(readings, charging);
    checkTimeMoved(client, last, next);
    passedWh += (next.dcdc.meter.wb * (next.time - last.time)) / 3600;
    last = next;
  }
  client.log.note({
    energyWh: passedWh,
    seconds: last.time - first.time,
    wb: last.dcdc.meter.wb,
    rsoc: last.emu.rsoc,
  });
}

function checkCharge({ client: { log } }: Session, discharging: UnitReply, charging: UnitReply): void {
  const [givingPercent, takingPercent] = [discharging.emu.rsoc, charging.emu.rsoc];
  log.expect(givingPercent >= lowestDischargingPercent, "rsoc of the discharging unit ≥ 20", givingPercent);
  log.expect(takingPercent <= highestChargingPercent, "rsoc of the charging unit ≤ 95", takingPercent);
  log.expect(charging.dcdc.meter.wb > 0, "wb of the charging unit > 0", charging.dcdc.meter.wb);
}

/** Takes a unit's current to zero and then lets it wait. */
async function stopDischarging(session: Session, discharging: string): Promise<void> {
  const { client } = session;
  client.log.begin("stop discharging");
  await client.setCurrent(discharging, 0);
  const ig = await settle(session, discharging, "ig", 0, currentToleranceA);
  await client.setConverter(discharging, { ...waitingCommand, dvg: dcGridVoltageV });
  client.log.note({ ig });
}
