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

/** Reads all frames of a stream. @throws RangeError if it ends within one */
export async function readFrames(stream: ReadableStream<Uint8Array>): Promise<TableRows[]> {
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const frames: TableRows[] = [];
  for (let at = 0; at < bytes.length; ) {
    const textAt = at + headBytes;
    const blobsAt = textAt + view.getUint32(at, true);
    at = blobsAt + view.getUint32(at + 4, true);
    if (at > bytes.length) throw new RangeError("The rows end within a frame");
    let blobAt = blobsAt;
    const revive = (_: string, value: unknown) => {
      const length = (value as { blobBytes?: number } | null)?.blobBytes;
      if (length === undefined) return value;
      blobAt += length;
      return bytes.slice(blobAt - length, blobAt).buffer;
    };
    frames.push(JSON.parse(decoder.decode(bytes.subarray(textAt, blobsAt)), revive));
  }
  return frames;
}
