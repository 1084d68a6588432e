import { Agent, request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededChoice } from "../conformance/seeded-choice.ts";
import { countOf } from "../support/counts.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { document, findFault, type Operation } from "./answer-checker.ts";

const requests = countOf(10_000, 1000);
const seed = Number(process.env.FUZZ_SEED ?? 43_900);
const choose = seededChoice(seed);
const pick = <T>(list: readonly T[]): T => list[choose(list.length)] as T;

let server: LocalServer;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  server = await startLocalServer({ units: 3, acceleration: 0, args: ["--set", "logLevel=ERROR"] });
});
afterAll(async () => {
  agent.destroy();
  await server.stop();
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Got {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

function send({ method, path, headers, body }: Sent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const options = { agent, method, path, headers, host: "127.0.0.1", port: server.port, timeout: 10_000 };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode as number,
          contentType: response.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)}`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

const odd = [
  "",
  " ",
  "abc",
  "NaN",
  "Infinity",
  "-Infinity",
  "1e999",
  "-1",
  "-0",
  "0x10",
  "1,5",
  "１２",
  "350V",
  "null",
  "true",
  "__proto__",
  "constructor",
  "'; DROP TABLE unit; --",
  "<script>",
  "=1+1",
  "..",
  "../../state",
  "\u0000",
  "\n\r",
  "\u202e",
  "🔋",
  "E001",
  "E0001",
  "e001",
  "E000",
  "E999",
  "9".repeat(400),
  "x".repeat(3000),
];

function valueFor({ name, schema }: Pick<Operation["parameters"][number], "name" | "schema">): string {
  if (choose(5) === 0) return pick(odd);
  // Answers that a fault holds back are none that the document promises.
  if (schema.enum !== undefined)
    return pick(schema.enum.filter((each) => !["late", "noAnswer", "httpStatus"].includes(each)));
  if (schema.maximum === undefined) return pick(["E001", "E002", "E003", "E004", "2026-01-01T00:00:00Z"]);
  const { minimum = 0 } = schema;
  // Readings of a year that has passed take long.
  const maximum = name === "seconds" ? 10_000 : schema.maximum;
  const inside = minimum + ((maximum - minimum) * choose(1001)) / 1000;
  return String(pick([minimum, maximum, inside, minimum - 1, maximum * 1.0001, Math.round(inside)]));
}

const encoders = [encodeURIComponent, encodeURIComponent, encodeURIComponent, escapeRaw];

/** Leaves what a client may send unencoded as it is; other characters the runtime itself refuses. */
function escapeRaw(text: string): string {
  return text.replace(/[^\x21-\x7e]|[#<>"{}|\\^`]/gu, encodeURIComponent);
}

function writePairs(operation: Operation): string {
  const pairs = operation.parameters
    // A claim would shut all other commands of time out.
    .filter(({ name }) => !name.startsWith("claim"))
    .filter(({ in: place, required }) => place === "query" && (required ? choose(12) > 0 : choose(2) > 0))
    .map((parameter) => `${parameter.name}=${pick(encoders)(valueFor(parameter))}`);
  if (choose(15) === 0)
    pairs.push(
      `${pick(["__proto__", "constructor", "toString", "x", "rsoc", ""])}=${encodeURIComponent(pick(odd))}`,
    );
  if (choose(20) === 0 && pairs.length > 0) pairs.push(pairs[0] as string);
  if (choose(40) === 0) pairs.push(pick(["%", "%zz", "%ff", "&&", "=", "a=%00", "a[]=1", "dvg"]));
  return pairs.join("&");
}

function invent(): { template: string; documented: string | null; sent: Sent } {
  const template = pick(Object.keys(document.paths));
  const { servers: _, ...operations } = document.paths[template] as Record<string, Operation>;
  const method =
    choose(12) === 0
      ? pick(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "POST"])
      : pick(Object.keys(operations));
  const operation = operations[method.toLowerCase()] ?? (Object.values(operations)[0] as Operation);
  const last = operation.parameters.find(({ in: place }) => place === "path");
  const id =
    last === undefined
      ? ""
      : last.schema.maximum === undefined
        ? pick(["E001", "E002", "E003", "E007", pick(odd)])
        : valueFor(last);
  const path = template.replace(/\{\w+\}/g, () => encodeURIComponent(id));
  const pairs = writePairs(operation);
  const inBody = method.toLowerCase() === "post" && choose(2) === 0;
  const contentType =
    choose(6) === 0
      ? pick(["application/json", "text/plain", "multipart/form-data; boundary=x", "x"])
      : "application/x-www-form-urlencoded";
  const json = inBody && choose(3) === 0;
  return {
    template,
    documented: method.toLowerCase() in operations ? method.toLowerCase() : null,
    sent: {
      method: method.toUpperCase(),
      path: inBody || pairs === "" ? path : `${path}?${pairs}`,
      headers: inBody ? { "content-type": json ? "application/json" : contentType } : {},
      body: json ? writeJson(pairs) : inBody ? pairs : "",
    },
  };
}

/** The pairs as a JSON object, mostly: numbers as numbers or as texts, and now and then what is no parameter's value. */
function writeJson(pairs: string): string {
  const values = [...new URLSearchParams(pairs)].map(([name, text]) => {
    const value = Number.isFinite(Number(text)) && text.trim() !== "" && choose(3) > 0 ? Number(text) : text;
    return [name, choose(10) === 0 ? pick([null, true, [1], { a: 1 }, "", 1e300]) : value];
  });
  const text = JSON.stringify(Object.fromEntries(values));
  return choose(10) === 0 ? pick([text.slice(1), `[${text}]`, "null", `${text}x`]) : text;
}

const readLog = async () => (await send({ method: "GET", path: "/get/log", headers: {}, body: "" })).text;

test(`O5: of ${requests} requests made from the document none fails, hangs, or is refused and changes something`, async () => {
  let before = await readLog();
  const seen = new Map<number, number>();
  for (let k = 0; k < requests; k++) {
    const { template, documented, sent } = invent();
    const name = `seed ${seed}, request ${k}: ${sent.method} ${sent.path.slice(0, 300)} ${sent.body.slice(0, 200)}`;
    const { status, contentType, text } = await send(sent);
    seen.set(status, (seen.get(status) ?? 0) + 1);
    expect(status, name).toBeLessThan(500);
    const isPath = !/(^|\/)\.\.?(\/|\?|$)/.test(sent.path) && !/\/(\?|$)/.test(sent.path);
    if (documented !== null && isPath)
      expect(findFault(template, documented, status, contentType, text), name).toBeNull();
    if (status === 200 && ["/set/acc/{id}", "/time/run"].includes(template))
      await send({ ...sent, method: "GET", path: "/set/acc/0", body: "" });
    const after = await readLog();
    const mayChange =
      status === 200 &&
      ["post", "put"].some((method) => method in (document.paths[template] as object)) &&
      sent.method !== "HEAD";
    if (!mayChange) expect(after === before, `${name} changed the state (${status})`).toBe(true);
    before = after;
  }
  console.log(
    `${requests} requests, seed ${seed}, statuses ${JSON.stringify([...seen].sort(([a], [b]) => a - b))}`,
  );
  expect(seen.get(200)).toBeGreaterThan(requests / 5);
  expect(seen.get(400)).toBeGreaterThan(requests / 10);
}, 300_000);
