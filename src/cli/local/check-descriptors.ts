import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { StartError } from "./start-error.ts";

/** Of 128 in all the runtime needs those that 50 connections take, and ends; with these sixty are served. */
const needed = 200;

/** @throws StartError where too few files can be open at once */
export function checkDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < needed) opened.push(openSync(devNull, "r"));
  } catch {
    throw new StartError(`Too few files may be open at once: ${needed} more are needed (ulimit -n)`);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
