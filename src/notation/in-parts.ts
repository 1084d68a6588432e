/** What takes long is computed in parts of about a millisecond, between which others may have their turn. */
export type InParts<T> = Generator<void, T>;

/** Computes it at once. */
export function atOnce<T>(parts: InParts<T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}

/** Parts after which others have their turn. */
const partsAtOnce = 4;

/** Computes it with a rest after every few parts, in which others have their turn. */
export async function inRests<T>(parts: InParts<T>, rest: () => Promise<unknown>): Promise<T> {
  for (let part = 1; ; part++) {
    const { done, value } = parts.next();
    if (done) return value;
    if (part % partsAtOnce === 0) await rest();
  }
}

/** Entries of a list that are written in one part. */
const entriesAtOnce = 8;

/** The JSON of an object, as JSON.stringify writes it. */
export function* writeJsonInParts(value: object): InParts<string> {
  let text = "";
  for (const [name, field] of Object.entries(value)) {
    const json = isLongList(field) ? yield* writeListInParts(field) : JSON.stringify(field);
    if (json !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${json}`;
  }
  return `{${text}}`;
}

/** Whether it is a list of what is longer than a number or a text. */
function isLongList(field: unknown): field is unknown[] {
  return Array.isArray(field) && field.length > entriesAtOnce && typeof field[0] === "object";
}

function* writeListInParts(list: readonly unknown[]): InParts<string> {
  let text = "";
  for (let at = 0; at < list.length; at += entriesAtOnce) {
    text += `${at === 0 ? "" : ","}${JSON.stringify(list.slice(at, at + entriesAtOnce)).slice(1, -1)}`;
    yield;
  }
  return `[${text}]`;
}
