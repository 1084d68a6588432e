/** Pieces that are made, and signs of them that are gathered, before others have their turn. */
const piecesAtOnce = 8;
const signsAtOnce = 65_536;

/**
 * Streams a text piece by piece: they are made only when the reader has room for them, and between some of them all `rest`. A
 * reader is told by an error that `isValid` is no more true.
 */
export function streamText(
  pieces: Iterator<string>,
  rest: () => Promise<unknown>,
  isValid = () => true,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isDone = false;
  const gather = () => {
    let text = "";
    for (let piece = 0; piece < piecesAtOnce && text.length < signsAtOnce && !isDone; piece++) {
      const { done, value } = pieces.next();
      if (done) isDone = true;
      else text += value;
    }
    return text;
  };
  return new ReadableStream({
    type: "bytes",
    async pull(controller: ReadableByteStreamController) {
      for (let text = ""; text === "" && !isDone; ) {
        await rest();
        if (!isValid()) throw new Error("What is told was replaced meanwhile");
        text = gather();
        if (text !== "") controller.enqueue(encoder.encode(text));
      }
      if (isDone) controller.close();
    },
    cancel() {
      pieces.return?.();
    },
  });
}

/** Streams pieces of any kind as bytes: each is made only when the reader has room for it, and between some of them all `rest`. */
export function streamBytes<T>(
  pieces: Iterator<T>,
  toBytes: (piece: T) => Uint8Array,
  rest?: () => Promise<unknown>,
): ReadableStream<Uint8Array> {
  let made = 0;
  return new ReadableStream({
    type: "bytes",
    async pull(controller: ReadableByteStreamController) {
      if (++made % piecesAtOnce === 0) await rest?.();
      const { done, value } = pieces.next();
      if (done) controller.close();
      else controller.enqueue(toBytes(value) as Uint8Array<ArrayBuffer>);
    },
    cancel() {
      pieces.return?.();
    },
  });
}

/** The lines of a text as it comes. */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // In parts: a line that does not end would be looked through again with each chunk.
  let held: string[] = [];
  for await (const chunk of stream) {
    const [part = "", ...parts] = decoder.decode(chunk, { stream: true }).split("\n");
    held.push(part);
    for (const next of parts) {
      yield held.join("");
      held = [next];
    }
  }
  const last = held.join("") + decoder.decode();
  if (last !== "") yield last;
}

const pieceLength = 262_144;

/** A text in pieces, each made when it is asked for. */
export function* cutText(text: string): Generator<string> {
  for (let from = 0; from < text.length; from += pieceLength) yield text.slice(from, from + pieceLength);
}

/** A text in gzip. */
export function compress(text: string): Promise<ArrayBuffer> {
  const gzip: ReadableWritablePair = new CompressionStream("gzip");
  return new Response(new Blob([text]).stream().pipeThrough(gzip)).arrayBuffer();
}
