/** The subprotocol of screens that acknowledge each state of `/live`, and the message by which they do. */
export const received = "received";

/** The subprotocol of screens that acknowledge likewise, and take each state in columns as JSON in gzip. */
export const packed = "packed";

export type LiveProtocol = typeof received | typeof packed;

/** The one that is spoken with a screen that offers these: the more sparing one; null where it offers none. */
export function chooseProtocol(offered: string | null): LiveProtocol | null {
  const names = offered?.split(",").map((name) => name.trim()) ?? [];
  return ([packed, received] as const).find((name) => names.includes(name)) ?? null;
}
