import type { TableName } from "./stored-shapes.ts";

/*
 * Rows on their way from one object to another of the same deployment: frames of some rows of one table, their blobs as they
 * are behind the rest as JSON. A backup, which people keep, is lines of text with a checksum and takes many times as long.
 *
 * A frame: the length of the JSON and of the blobs (32 bits each, little end first), the JSON, the blobs.
 */

export interface TableRows {
  readonly table: TableName;
  readonly rows: readonly Record<string, unknown>[];
}

const headBytes = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function writeFrame({ table, rows }: TableRows): Uint8Array {
  const blobs: ArrayBuffer[] = [];
  const json = JSON.stringify({ table, rows }, (_, value) => {
    if (!(value instanceof ArrayBuffer)) return value;
    blobs.push(value);
    return { blobBytes: value.byteLength };
  });
  const text = encoder.encode(json);
  const blobBytes = blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const frame = new Uint8Array(headBytes + text.length + blobBytes);
  const head = new DataView(frame.buffer);
  head.setUint32(0, text.length, true);
  head.setUint32(4, blobBytes, true);
  frame.set(text, headBytes);
  let at = headBytes + text.length;
  for (const blob of blobs) {
    frame.set(new Uint8Array(blob), at);
    at += blob.byteLength;
  }
  return frame;
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Reads the frames of a stream, one at a time. @throws RangeError if it ends within one */
export async function* readFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<TableRows> {
  let held: Uint8Array[] = [];
  let length = 0;
  let needed = headBytes;
  for await (const chunk of stream) {
    held.push(chunk);
    length += chunk.byteLength;
    // A large frame comes in many chunks, which are joined once.
    if (length < needed) continue;
    let bytes = joinBytes(held);
    for (needed = frameBytes(bytes); bytes.length >= needed; needed = frameBytes(bytes)) {
      yield readFrame(bytes.subarray(0, needed));
      bytes = bytes.subarray(needed);
    }
    held = [bytes];
    length = bytes.length;
  }
  if (length > 0) throw new RangeError("The rows end within a frame");
}

/** Length of the frame that begins here, or of what has to be there to know it. */
function frameBytes(bytes: Uint8Array): number {
  if (bytes.length < headBytes) return headBytes;
  const head = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  return headBytes + head.getUint32(0, true) + head.getUint32(4, true);
}

function readFrame(bytes: Uint8Array): TableRows {
  const head = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  let blobAt = headBytes + head.getUint32(0, true);
  const text = decoder.decode(bytes.subarray(headBytes, blobAt));
  return JSON.parse(text, (_, value) => {
    const length = (value as { blobBytes?: number } | null)?.blobBytes;
    if (length === undefined) return value;
    blobAt += length;
    return bytes.slice(blobAt - length, blobAt).buffer;
  });
}
