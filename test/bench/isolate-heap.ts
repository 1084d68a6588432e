import type { Workerd } from "./workerd.ts";

/** Bytes that the JavaScript of a workerd's own worker holds, arrays of bytes outside the heap included. */
export async function readIsolateBytes({ inspectorPort }: Workerd): Promise<number> {
  const targets = (await (await fetch(`http://127.0.0.1:${inspectorPort}/json`)).json()) as Target[];
  const path = targets.find(
    ({ id }) => id === "main" || id === "core:user:apis-emulator",
  )?.webSocketDebuggerUrl;
  if (path === undefined) throw new Error("The inspector shows no worker");
  const socket = new WebSocket(path);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const answer = new Promise<{ result: HeapUsage }>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data));
      if (message.id === 1) resolve(message);
    });
  });
  socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = (await answer).result;
  socket.close();
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

interface Target {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}
