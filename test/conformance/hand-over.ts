import { dcGridVoltageV, referenceCommand } from "./reference-steps.ts";
import { currentToleranceA } from "./running-checks.ts";
import { readingOf, readLiveBus, type Session, settle, waitingCommand } from "./session.ts";
import type { LoggedStep } from "./step-log.ts";

const sharingDroop = 0.039;
const exchangeCommand = { dvg: 380, dig: 1, drg: 0 };

export interface HandOver {
  from: string;
  to: string;
  /** What the old voltage reference does afterwards. */
  leaveAs: "charging" | "discharging" | "waiting";
}

/** A unit takes the voltage reference over from another on a live bus. */
export async function handOver(session: Session, { from, to, leaveAs }: HandOver): Promise<LoggedStep[]> {
  const { client } = session;
  await enter(session, from, to);
  client.log.begin("leave");
  await leave(session, from, leaveAs);
  await readLiveBus(session, to);
  client.log.note({ [from]: leaveAs });
  client.log.begin("settle down");
  await client.setVoltage(to, { dvg: dcGridVoltageV, drg: 0 });
  noteCurrents(session, await readLiveBus(session, to));
  return client.log.steps;
}

/** The unit that entered last leaves again: the earlier one is the voltage reference once more. */
export async function enterAndLeave(session: Session, from: string, to: string): Promise<LoggedStep[]> {
  const { client } = session;
  await enter(session, from, to);
  client.log.begin("take back");
  await client.setConverter(to, waitingCommand);
  noteCurrents(session, await readLiveBus(session, from));
  await client.setVoltage(from, { dvg: dcGridVoltageV, drg: 0 });
  return client.log.steps;
}

/** Two units in grid autonomy: the new one holds the voltage, the old one carries nothing. */
async function enter(session: Session, from: string, to: string): Promise<void> {
  const { client } = session;
  client.log.begin("share");
  const before = await readLiveBus(session, from);
  await client.setVoltage(from, { dvg: dcGridVoltageV, drg: sharingDroop });
  await readLiveBus(session, from);
  client.log.note({ ig: readingOf(before, from).dcdc.meter.ig });
  client.log.begin("enter");
  await client.setConverter(to, referenceCommand);
  noteCurrents(session, await readLiveBus(session, to));
}

async function leave(session: Session, from: string, leaveAs: HandOver["leaveAs"]): Promise<void> {
  const { client } = session;
  if (leaveAs === "waiting") {
    await client.setCurrent(from, 0);
    await settle(session, from, "ig", 0, currentToleranceA);
    await client.setConverter(from, waitingCommand);
    return;
  }
  const mode = leaveAs === "charging" ? "0x0041" : "0x0002";
  await client.setConverter(from, { mode, ...exchangeCommand });
  await settle(session, from, "ig", leaveAs === "charging" ? 1 : -1, currentToleranceA);
}

function noteCurrents({ client }: Session, readings: Awaited<ReturnType<typeof readLiveBus>>): void {
  client.log.note(Object.fromEntries(readings.map(({ dcdc, oesunit }) => [oesunit.id, dcdc.meter.ig])));
}
