import * as v from "valibot";
import { describeIssue } from "../../notation/rows.ts";
import type { UnitState } from "../../simulation/unit.ts";
import type { BackupRow } from "./backup-lines.ts";
import { readBody, StoredFormError } from "./stored-forms.ts";

/** What is wrong with one row. */
export class FaultError extends Error {}

/** What is read as a shape of an earlier release, and is none, throws something else. */
export function explain(error: unknown): string {
  const isKnown = error instanceof FaultError || error instanceof StoredFormError;
  return isKnown ? error.message : `not of a shape that a release has stored (${error})`;
}

export function check<S extends v.GenericSchema>(schema: S, given: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, given, { abortEarly: true });
  if (result.success) return result.output;
  throw new FaultError(describeIssue(result.issues[0]));
}

export function parseBody({ version, body }: BackupRow["values"]): unknown {
  return readOrFault(() => readBody(version, body as string));
}

export function readOrFault<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SyntaxError ? new FaultError("body: no JSON") : error;
  }
}

export function expectNext(number: number, next: number): void {
  if (number !== next) throw new FaultError(`number is ${number}; expected ${next}, the next`);
}

export function expectNumber(state: UnitState, number: number): void {
  if (state.number !== number) throw new FaultError(`its state is of unit ${state.number}, not ${number}`);
}
