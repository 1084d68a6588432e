import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ units: 100, acceleration: 0 });
});
afterAll(() => server?.stop());

/** Asks for `path` and gives the answer's encoding and its bytes as they came. */
function ask(path: string, accept?: string, method = "GET") {
  return new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
    const headers = accept === undefined ? {} : { "accept-encoding": accept };
    request(server.url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ encoding: response.headers["content-encoding"], bytes: Buffer.concat(chunks) }),
      );
    })
      .once("error", reject)
      .end();
  });
}

const paths = ["/state", "/get/log", "/data/output/indivLog.csv", "/", "/ui/main.js", "/openapi.json"];

test.each(paths)("L19: %s comes compressed to whom asks, and is the same", async (path) => {
  const plain = await ask(path);
  expect(plain.encoding).toBeUndefined();
  const packed = await ask(path, "br;q=0.5, gzip");
  expect(packed.encoding).toBe("gzip");
  expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length);
});

test("L19: what is short, refused or not asked for comes as it is", async () => {
  for (const [path, accept] of [
    ["/get/acc", "gzip"],
    ["/get/unit/E999", "gzip"],
    ["/state", "gzip;q=0"],
    ["/state", "br"],
    ["/state", "identity"],
  ] as const)
    expect((await ask(path, accept)).encoding, `${path} ${accept}`).toBeUndefined();
  expect((await ask("/state", "gzip", "HEAD")).encoding).toBe("gzip");
});
