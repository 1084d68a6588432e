/** The chapters of the reference. */
export const tags = {
  "apis-main": "What apis-main reads and commands: a unit and its DC/DC converter",
  homes: "All homes at a glance, and what may be done with them by hand",
  time: "How fast simulated time goes",
  data: "Data of one's own: what is imported, kept aside and used",
  snapshots: "Moments that are kept, to go back to or to branch from",
  faults: "Faults of the hardware, for whoever develops a controller",
  records: "The past: bins, days, readings, commands",
  watching: "What the emulator says of itself",
  "control plane": "Many communities, their keys and limits; for the administrator alone",
} as const;

export type Tag = keyof typeof tags;
