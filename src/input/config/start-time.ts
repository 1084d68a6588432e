import type { Manifest } from "../series/compiled-input.ts";
import { describePlace } from "../series/input-file-error.ts";
import type { Config } from "./entries.ts";

/**
 * `config` with the date in the demand file as its `startTime`, where the file has one, unless `given` says when
 * time begins.
 */
export function dateStart(
  config: Config,
  given: Readonly<Record<string, unknown>>,
  { demand: { firstDate } }: Manifest,
): Config {
  if (given.startTime !== undefined || firstDate === null) return config;
  return { ...config, startTime: `${firstDate.date}T00:00:00` };
}

/** A line about a `startTime` that is not the date in the demand file, or none. */
export function warnOfStart({ startTime }: Config, { demand: { file, firstDate } }: Manifest): string[] {
  if (firstDate === null || startTime.slice(0, 10) === firstDate.date) return [];
  const place = describePlace(file, firstDate.row, null);
  return [`${place}: the data begin on ${firstDate.date}, but startTime says ${startTime}, which is used`];
}

/** A line about a run that began at another time than one would that begins now, or none. */
export function warnOfKeptStart(kept: string, next: string): string[] {
  if (kept === next) return [];
  return [
    `This run began at ${kept} and keeps that; by startTime or the demand file it is ${next}, from the next Reset with the clock's start on`,
  ];
}
