import { expect } from "vitest";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import type { TestEmulator } from "../support/emulators.ts";

export type LogJson = Record<string, UnitJson>;

export interface Refused {
  status: number;
  code: string;
  parameter: string | undefined;
  message: string;
}

/** The JSON of an answer that must be 200. */
export async function ask<T>(tested: TestEmulator, path: string, init?: RequestInit): Promise<T> {
  const response = await tested.get(path, init);
  const text = await response.text();
  expect(response.status, `${path}: ${text}`).toBe(200);
  expect(response.headers.get("content-type"), path).toBe("application/json");
  return JSON.parse(text) as T;
}

export const readLog = (tested: TestEmulator) => ask<LogJson>(tested, "/get/log");

export async function readUnit(tested: TestEmulator, id = "E001"): Promise<UnitJson> {
  return (await readLog(tested))[id] as UnitJson;
}

/** What the whole community shows and keeps, as text. */
export async function snapshot(tested: TestEmulator): Promise<string> {
  const log = await (await tested.get("/get/log")).text();
  return `${log}\n${JSON.stringify(tested.storage.load())}`;
}

/** Makes a request that must be refused, changes nothing, and leaves the next one served. */
export async function refused(tested: TestEmulator, path: string, init?: RequestInit): Promise<Refused> {
  const before = await snapshot(tested);
  const response = await tested.get(path, init);
  const text = await response.text();
  expect(response.status, `${path.slice(0, 200)}: ${text.slice(0, 200)}`).toBeGreaterThanOrEqual(400);
  expect(response.headers.get("content-type"), path).toBe("application/json");
  expect(text.length).toBeLessThan(1500);
  const body = JSON.parse(text);
  expect(Object.keys(body)).toEqual(["error"]);
  expect(await snapshot(tested), `${path.slice(0, 200)} changed the state`).toBe(before);
  await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2");
  return { parameter: undefined, ...body.error, status: response.status };
}

/** The keys of an object and of the objects in it, as one sorted list of paths. */
export function listPaths(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value)
    .flatMap(([key, part]) => listPaths(part, path === "" ? key : `${path}.${key}`))
    .sort();
}
