import type { Page } from "playwright-core";

const bytesPerS = 50_000;

/** What a page has received: all, and each state over the WebSocket. */
export interface Received {
  bytes: number;
  readonly states: number[];
}

/** Puts a page on a link of 50 kB/s and 50 ms, and counts what it receives. */
export async function slowDown(page: Page): Promise<Received> {
  const cdp = await page.context().newCDPSession(page);
  const received: Received = { bytes: 0, states: [] };
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 50,
    downloadThroughput: bytesPerS,
    uploadThroughput: bytesPerS,
  });
  cdp.on("Network.dataReceived", ({ encodedDataLength }) => {
    received.bytes += encodedDataLength;
  });
  cdp.on("Network.webSocketFrameReceived", ({ response }) => {
    const bytes = (response.payloadData.length * 3) / 4;
    received.bytes += bytes;
    received.states.push(bytes);
  });
  return received;
}
