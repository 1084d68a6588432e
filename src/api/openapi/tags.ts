import type { AnswerName } from "../http/routes.ts";

/** The chapters of the reference. */
export const tags = {
  "apis-main": "What apis-main reads and commands: a unit and its DC/DC converter",
  homes: "All homes at a glance, and what may be done with them by hand",
  time: "How fast simulated time goes",
  records: "The past: bins, days, readings, commands",
  watching: "What the emulator says of itself",
  "control plane": "Many communities, their keys and limits; for the administrator alone",
} as const;

type TagName = keyof typeof tags;

/** The chapter of a route, by what it answers. */
export const tagOf: Readonly<Record<AnswerName, TagName>> = {
  unit: "apis-main",
  converter: "apis-main",
  status: "apis-main",
  set: "apis-main",
  voltage: "apis-main",
  current: "apis-main",
  log: "homes",
  emu: "homes",
  state: "homes",
  acceleration: "time",
  history: "records",
  summary: "records",
  messages: "watching",
  metrics: "watching",
};
