import { createLedger } from "../../simulation/ledger.ts";
import type { UnitState } from "../../simulation/unit.ts";
import {
  conditionNames,
  packCondition,
  packState,
  shortenState,
  unitStateLength,
  unitStateLength4,
  unpackCondition,
  unpackState,
  upgradeState,
} from "./unit-record.ts";

/*
 * What commands and other occasions left of units. Of the last days it is kept whole. Of older days only what a unit would not
 * have come to by itself is kept, its charge and what its AC meter counted: from the day's beginning on the unit runs again,
 * and at each event these are put in the place of what it came to. That gives the same bits, and it needs nobody else: one
 * home's past is told without its neighbours', and charges stay known where the data of that time are gone.
 *
 * Rejected: performing the commands of a day again as a community. A home's history would cost that of all, nothing would be
 * known without the data, and a later release would have to read each command as this one did.
 */

/** What is kept of a state that is not kept whole. */
export type ChangedState = Partial<UnitState> &
  Pick<UnitState, "number" | "timeS" | "stateOfChargePercent" | "today" | "finishedDays">;

/** What was left of a unit at one moment. */
export type UnitEvent = {
  readonly unitNumber: number;
  readonly timeS: number;
  /** What the unit was called from then on; null where it went, and where an earlier release kept no name. */
  readonly display: string | null;
} & (
  | { readonly isWhole: true /** Null where the unit went. */; readonly state: UnitState | null }
  /** Only what differs from what the unit had come to by itself; its meter stands in `finishedDays`. */
  | { readonly isWhole: false; readonly state: ChangedState }
);

/** The unit after `event`, to which it came as `before`; null where it went, or is not known. */
export function passEvent(event: UnitEvent, before: UnitState | null): UnitState | null {
  if (event.isWhole) return event.state;
  return before === null ? null : { ...before, ...event.state };
}

/** What its AC meter counts since the unit began [Wh]. */
export function readMeter({ today, finishedDays }: Pick<UnitState, "today" | "finishedDays">): number {
  return finishedDays.acIntakeWh + today.acIntakeWh;
}

/** `event`, which is whole, as the change of a unit that came to it as `before`. */
export function changeOf(event: UnitEvent & { isWhole: true }, before: UnitState | null): UnitEvent {
  const { state } = event;
  if (state === null || before === null || state.timeS !== before.timeS) return event;
  const { number, timeS, stateOfChargePercent } = state;
  const changed: Record<string, unknown> = { number, timeS, stateOfChargePercent };
  for (const name of conditionNames) if (!Object.is(state[name], before[name])) changed[name] = state[name];
  const finishedDays = { ...createLedger(), acIntakeWh: readMeter(state) };
  return {
    ...event,
    isWhole: false,
    state: { ...(changed as ChangedState), today: createLedger(), finishedDays },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * What was left of a unit, whole, as bytes: its state, then what it is called. `isShort` where they are those of version 4 of the
 * stored form, as of all homes without limits.
 */
export function packLeft(left: (UnitState & { readonly display: string }) | null): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isShort: boolean;
} {
  if (left === null) return { bytes: new Uint8Array(1), isShort: false };
  const whole = packState(left);
  const shortened = shortenState(whole);
  const state = new Uint8Array((shortened ?? whole).buffer);
  const display = encoder.encode(left.display);
  const bytes = new Uint8Array(state.length + display.length);
  bytes.set(state);
  bytes.set(display, state.length);
  return { bytes, isShort: shortened !== null };
}

/** Whether `isEarlier`, of a release before version 5 of the stored form. @throws RangeError if these are no such bytes */
export function unpackLeft(
  unitNumber: number,
  timeS: number,
  bytes: ArrayBuffer,
  isEarlier = false,
): UnitEvent {
  if (bytes.byteLength === 1) return { unitNumber, timeS, display: null, isWhole: true, state: null };
  const length = isEarlier ? unitStateLength4 : unitStateLength;
  const state = unpackWhole(unitNumber, new Float64Array(bytes, 0, length));
  const display = decoder.decode(bytes.slice(8 * length));
  return { unitNumber, timeS, display, isWhole: true, state };
}

function unpackWhole(unitNumber: number, packed: Float64Array): UnitState {
  return unpackState(unitNumber, packed.length === unitStateLength ? packed : upgradeState(packed));
}

/** Bits of what an entry has, beside those of the conditions. */
const flags = { gone: 1 << 27, whole: 1 << 28, named: 1 << 29, unnamed: 1 << 30 };
const headBytes = 12;

/** Longest row of entries: one fits into a page of the database. */
const rowBytes = 900;

/** Events of a unit in rows of bytes, each known by the moment of its first: to be read only together. */
export function packEvents(
  events: readonly UnitEvent[],
): { timeS: number; bytes: Uint8Array<ArrayBuffer> }[] {
  const rows: { timeS: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  let entries: Uint8Array[] = [];
  let length = 0;
  let fromS = 0;
  let display: string | null | undefined;
  const endRow = () => {
    if (length === 0) return;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const entry of entries) {
      bytes.set(entry, at);
      at += entry.length;
    }
    rows.push({ timeS: fromS, bytes });
    entries = [];
    length = 0;
    display = undefined;
  };
  for (const event of events) {
    let entry = packEntry(event, display);
    if (length > 0 && length + entry.length > rowBytes) {
      endRow();
      entry = packEntry(event, undefined);
    }
    if (length === 0) fromS = event.timeS;
    display = event.display;
    entries.push(entry);
    length += entry.length;
  }
  endRow();
  return rows;
}

function packEntry(event: UnitEvent, displayBefore: string | null | undefined): Uint8Array {
  const { state, display, isWhole } = event;
  const names = isWhole ? [] : conditionNames.filter((name) => state[name] !== undefined);
  const values = isWhole
    ? state === null
      ? []
      : [...packState(state)]
    : [readMeter(state), ...names.map((name) => packCondition(state as UnitState, name))];
  let mask = 0;
  for (const name of names) mask |= 1 << conditionNames.indexOf(name);
  if (state === null) mask |= flags.gone;
  else if (isWhole) mask |= flags.whole;
  const isSame = display === displayBefore;
  if (!isSame) mask |= display === null ? flags.unnamed : flags.named;
  const text = isSame || display === null ? new Uint8Array(0) : encoder.encode(display);
  const bytes = new Uint8Array(headBytes + 8 * values.length + (mask & flags.named ? 4 + text.length : 0));
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, event.timeS, true);
  view.setUint32(8, mask, true);
  values.forEach((value, index) => {
    view.setFloat64(headBytes + 8 * index, value, true);
  });
  if (mask & flags.named) {
    view.setUint32(headBytes + 8 * values.length, text.length, true);
    bytes.set(text, headBytes + 8 * values.length + 4);
  }
  return bytes;
}

/** Whether `isEarlier`, of a release before version 5 of the stored form. @throws RangeError if these are no such bytes */
export function unpackEvents(unitNumber: number, row: ArrayBuffer, isEarlier = false): UnitEvent[] {
  const view = new DataView(row);
  const events: UnitEvent[] = [];
  let display: string | null = null;
  for (let at = 0; at < row.byteLength; ) {
    const timeS = view.getFloat64(at, true);
    const mask = view.getUint32(at + 8, true);
    at += headBytes;
    const next = () => {
      at += 8;
      return view.getFloat64(at - 8, true);
    };
    let left: Pick<UnitEvent, "isWhole" | "state">;
    if (mask & flags.gone) left = { isWhole: true, state: null };
    else if (mask & flags.whole) {
      const packed = Float64Array.from({ length: isEarlier ? unitStateLength4 : unitStateLength }, next);
      left = { isWhole: true, state: unpackWhole(unitNumber, packed) };
    } else {
      const finishedDays = { ...createLedger(), acIntakeWh: next() };
      const changed: Record<string, unknown> = { number: unitNumber, timeS };
      conditionNames.forEach((name, index) => {
        if (mask & (1 << index)) changed[name] = unpackCondition(name, next());
      });
      left = { isWhole: false, state: { ...(changed as ChangedState), today: createLedger(), finishedDays } };
    }
    if (mask & flags.unnamed) display = null;
    if (mask & flags.named) {
      const length = view.getUint32(at, true);
      if (at + 4 + length > row.byteLength) throw new RangeError("a name is cut");
      display = decoder.decode(new Uint8Array(row, at + 4, length));
      at += 4 + length;
    }
    events.push({ unitNumber, timeS, display, ...left } as UnitEvent);
  }
  return events;
}
