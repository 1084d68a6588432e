import { describe, expect, test } from "vitest";
import { routes } from "../../src/api/http/routes.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { ask, refused } from "./api.ts";

/** Two units exchange energy on a live bus, so that a change of anything would be seen. */
async function createBusyEmulator(): Promise<TestEmulator> {
  const tested = createTestEmulator({ acceleration: 121 });
  await ask(tested, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2&drg=0");
  await ask(tested, "/set/dcdc/E003?mode=0x0041&dvg=350&dig=1&drg=0");
  await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2");
  tested.wallMs = 60_000;
  await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2");
  return tested;
}

const converter = (query: string) => `/set/dcdc/E001?${query}`;
const whole = { mode: "0x0041", dvg: "350", dig: "1", drg: "0" };
const withValue = (name: string, value: string) =>
  converter(String(new URLSearchParams({ ...whole, [name]: value })));
const without = (name: keyof typeof whole) => {
  const { [name]: _, ...rest } = whole;
  return converter(String(new URLSearchParams(rest)));
};

const idRoutes: [string, string][] = [
  ["/get/unit/", ""],
  ["/get/emu/", ""],
  ["/get/dcdc/", ""],
  ["/get/dcdc/status/", ""],
  ["/set/emu/", "?rsoc=50"],
  ["/set/dcdc/", "?mode=0x0000&dvg=350&dig=1"],
  ["/set/dcdc/voltage/", "?dvg=350"],
  ["/set/dcdc/current/", "?dig=1"],
];
const unknownIds = [
  "E099",
  "E005",
  "e001",
  "E1",
  "E0001",
  "E000",
  "abc",
  "E01a",
  "E%30%30%31",
  "%",
  "__proto__",
];

describe("unknown units", () => {
  test.each(idRoutes)("A3: %s refuses every ID that is no unit's", async (route, query) => {
    const tested = await createBusyEmulator();
    for (const id of unknownIds) {
      const refusal = await refused(tested, `${route}${id}${query}`);
      expect(refusal, id).toMatchObject({ status: 404, code: "unknown_unit" });
      expect(refusal.message, id).toContain(id);
      expect(refusal.message, id).toContain("E001");
    }
  });
});

interface Bad {
  path: string;
  code: "invalid_parameter" | "missing_parameter";
  parameter?: string;
  says: string[];
}

const number = (parameter: string, value: string, allowed: string): Bad => ({
  path: withValue(parameter, value),
  code: "invalid_parameter",
  parameter,
  says: [parameter, JSON.stringify(value), allowed],
});
const badNumberTexts = [
  "",
  " ",
  "abc",
  "NaN",
  "Infinity",
  "-Infinity",
  "1e999",
  "0x10",
  "1,5",
  "1 2",
  "１",
  "--1",
  "1e",
  ".",
];
const badNumbers = badNumberTexts.flatMap((text) => [
  number("dvg", text, "0 to 1000 V"),
  number("dig", text, "0 to 100 A"),
]);

const bad: Bad[] = [
  ...badNumbers,
  ...badNumberTexts.filter((text) => text !== "").map((text) => number("drg", text, "0 to 100 %")),
  number("dig", "-0.1", "0 to 100 A"),
  number("dig", "100.1", "0 to 100 A"),
  number("dvg", "-1", "0 to 1000 V"),
  number("dvg", "1000.5", "0 to 1000 V"),
  number("drg", "-1", "0 to 100 %"),
  number("drg", "101", "0 to 100 %"),
  ...["0x0003", "", "65", "0041", "charging", "0x0041 ", "constructor", "__proto__", "waiting"].map(
    (mode) => ({
      path: withValue("mode", mode),
      code: "invalid_parameter" as const,
      parameter: "mode",
      says: [JSON.stringify(mode), "0x0000", "0x0002", "0x0014", "0x0041"],
    }),
  ),
  ...(["mode", "dvg", "dig"] as const).map((name) => ({
    path: without(name),
    code: "missing_parameter" as const,
    parameter: name,
    says: [name],
  })),
  { path: "/set/dcdc/E001", code: "missing_parameter", parameter: "mode", says: ["mode"] },
  { path: "/set/dcdc/voltage/E001", code: "missing_parameter", parameter: "dvg", says: ["dvg"] },
  { path: "/set/dcdc/voltage/E001?dvg=", code: "invalid_parameter", parameter: "dvg", says: ["0 to 1000 V"] },
  { path: "/set/dcdc/voltage/E001?drg=1", code: "missing_parameter", parameter: "dvg", says: ["dvg"] },
  { path: "/set/dcdc/current/E001", code: "missing_parameter", parameter: "dig", says: ["dig"] },
  {
    path: "/set/dcdc/current/E001?dig=-1",
    code: "invalid_parameter",
    parameter: "dig",
    says: ['"-1"', "0 to 100 A"],
  },
  {
    path: "/set/dcdc/current/E001?dig=x",
    code: "invalid_parameter",
    parameter: "dig",
    says: ['"x"', "0 to 100 A"],
  },
  { path: "/set/emu/E001", code: "missing_parameter", says: ["rsoc", "ups_output_power", "dvg"] },
  {
    path: "/set/emu/E001?rsoc=-0.1",
    code: "invalid_parameter",
    parameter: "rsoc",
    says: ['"-0.1"', "0 to 100 %"],
  },
  {
    path: "/set/emu/E001?rsoc=100.1",
    code: "invalid_parameter",
    parameter: "rsoc",
    says: ['"100.1"', "0 to 100 %"],
  },
  { path: "/set/emu/E001?rsoc=", code: "invalid_parameter", parameter: "rsoc", says: ['""', "0 to 100 %"] },
  {
    path: "/set/emu/E001?ups_output_power=-1",
    code: "invalid_parameter",
    parameter: "ups_output_power",
    says: ['"-1"', "0 to 1000000 W"],
  },
  {
    path: "/set/emu/E001?pvc_charge_power=1e7",
    code: "invalid_parameter",
    parameter: "pvc_charge_power",
    says: ['"1e7"', "0 to 1000000 W"],
  },
  {
    path: "/set/acc/-1",
    code: "invalid_parameter",
    parameter: "acceleration",
    says: ['"-1"', "0 to 100000"],
  },
  {
    path: "/set/acc/abc",
    code: "invalid_parameter",
    parameter: "acceleration",
    says: ['"abc"', "0 to 100000"],
  },
  {
    path: "/set/acc/1e6",
    code: "invalid_parameter",
    parameter: "acceleration",
    says: ['"1e6"', "0 to 100000"],
  },
  {
    path: "/set/acc/NaN",
    code: "invalid_parameter",
    parameter: "acceleration",
    says: ['"NaN"', "0 to 100000"],
  },
  { path: "/restart?clock=now", code: "invalid_parameter", parameter: "clock", says: ['"now"', "start"] },
  { path: "/restart?clock=", code: "invalid_parameter", parameter: "clock", says: ['""', "start"] },
];

describe("wrong parameters", () => {
  test.each(bad)("A3: $path is refused, naming what was given and what is allowed", async (expected) => {
    const refusal = await refused(await createBusyEmulator(), expected.path);
    expect(refusal).toMatchObject({ status: 400, code: expected.code });
    expect(refusal.parameter).toBe(expected.parameter);
    for (const words of expected.says) expect(refusal.message).toContain(words);
  });

  const unknownKeys = [
    "foo",
    "ups_operation_mode",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "DVG",
    "",
  ];
  test.each(unknownKeys)("A3: the unknown key %j is refused, naming the keys allowed", async (key) => {
    const tested = await createBusyEmulator();
    const name = encodeURIComponent(key);
    const cases: [string, string[]][] = [
      [converter(`mode=0x0041&dvg=350&dig=1&${name}=1`), ["mode", "dvg", "dig", "drg"]],
      [`/set/dcdc/voltage/E001?dvg=350&${name}=1`, ["dvg", "drg"]],
      [`/set/dcdc/current/E001?dig=1&${name}=1`, ["dig"]],
      [`/set/emu/E001?rsoc=50&${name}=1`, ["rsoc", "ups_output_power", "pvc_charge_power"]],
      [`/restart?units=2&${name}=1`, ["clock", "units"]],
      [`/add/unit?${name}=1`, ["count"]],
      [`/save?${name}=1`, ["format"]],
      [`/remove/unit?${name}=1`, ["none"]],
      [`/get/last?${name}=1`, ["none"]],
      [`/set/acc/2?${name}=1`, ["claim", "claimSeconds"]],
      [`/time/step?seconds=1&${name}=1`, ["seconds", "claim"]],
    ];
    for (const [path, allowed] of cases) {
      const refusal = await refused(tested, path);
      expect(refusal, path).toMatchObject({ status: 400, code: "invalid_parameter", parameter: key });
      expect(refusal.message, path).toContain(JSON.stringify(key));
      for (const word of allowed) expect(refusal.message, path).toContain(word);
    }
  });

  const ofPrototypes = Object.getOwnPropertyNames(Object.prototype);
  test.each(routes.filter(({ kind }) => kind === "answer").map(({ path, changes }) => ({ path, changes })))(
    "A3: at $path no name that every object has is a parameter, a value or an ID",
    async ({ path, changes }) => {
      const tested = await createBusyEmulator();
      for (const name of ofPrototypes) {
        const withKey = `${path.replace(":id", path.includes("/acc/") ? "2" : "E001")}?${name}=1`;
        const json = {
          method: "POST",
          body: `{"${name}":1}`,
          headers: { "content-type": "application/json" },
        };
        if (changes) {
          expect((await refused(tested, withKey)).code, withKey).toMatch(/^(missing|invalid)_parameter$/);
          expect((await refused(tested, withKey.split("?")[0] as string, json)).status, withKey).toBe(400);
        }
        if (path.endsWith(":id"))
          expect((await tested.get(path.replace(":id", name))).status, name).toBeGreaterThanOrEqual(400);
      }
    },
  );

  test("A3: one bad key among good ones changes nothing, whichever it is", async () => {
    const tested = await createBusyEmulator();
    for (const name of ["mode", "dvg", "dig", "drg"])
      expect(await refused(tested, withValue(name, "bad"))).toMatchObject({ status: 400, parameter: name });
    const emu = "/set/emu/E001?rsoc=10&ups_output_power=900&pvc_charge_power=x&dvg=300";
    expect(await refused(tested, emu)).toMatchObject({ status: 400, parameter: "pvc_charge_power" });
  });

  test("A3: a key given twice is refused, also once in the query and once in the body", async () => {
    const tested = await createBusyEmulator();
    const twice = { status: 400, code: "invalid_parameter", parameter: "dig" };
    expect(await refused(tested, "/set/dcdc/current/E001?dig=1&dig=1")).toMatchObject(twice);
    const body = new URLSearchParams({ dig: "1" });
    const post = { method: "POST", body };
    expect(await refused(tested, "/set/dcdc/current/E001?dig=1", post)).toMatchObject(twice);
  });

  test("A3: __proto__ and constructor in a form body reach nobody's prototype", async () => {
    const tested = await createBusyEmulator();
    const body = "dig=1&__proto__=2&constructor=3";
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const refusal = await refused(tested, "/set/dcdc/current/E001", { method: "POST", body, headers });
    expect(refusal).toMatchObject({ status: 400, code: "invalid_parameter" });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("size, form and method", () => {
  const long = "1".repeat(1_000_000);

  test("A3: a query of 1 MB is refused as too large", async () => {
    const tested = await createBusyEmulator();
    for (const path of [
      `/set/dcdc/E001?mode=${long}`,
      `/set/emu/E001?rsoc=50&x=${long}`,
      `/restart?x=${long}`,
    ]) {
      const refusal = await refused(tested, path);
      expect(refusal).toMatchObject({ status: 413, code: "too_large" });
      expect(refusal.message).toMatch(/query.*\d/);
    }
  });

  test("A3: a path of 1 MB is refused, its value repeated in part only", async () => {
    const tested = await createBusyEmulator();
    expect(await refused(tested, `/get/unit/${long}`)).toMatchObject({ status: 404, code: "unknown_unit" });
    expect(await refused(tested, `/set/acc/${long}`)).toMatchObject({
      status: 400,
      code: "invalid_parameter",
    });
    expect(await refused(tested, `/${long}`)).toMatchObject({ status: 404, code: "not_found" });
  });

  test("A3: a body of 1 MB is refused as too large, and so is one without an end", async () => {
    const tested = await createBusyEmulator();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const huge = { method: "POST", headers, body: `mode=${long}` };
    expect(await refused(tested, "/set/dcdc/E001", huge)).toMatchObject({ status: 413, code: "too_large" });
    const endless = new ReadableStream({ pull: (out) => out.enqueue(new Uint8Array(1000).fill(49)) });
    const stream = { method: "POST", headers, body: endless, duplex: "half" } as RequestInit;
    expect(await refused(tested, "/set/dcdc/E001", stream)).toMatchObject({ status: 413, code: "too_large" });
  });

  test("A3: the longest query and body that are read are 16,384 bytes", async () => {
    const tested = await createBusyEmulator();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const fill = (prefix: string, length: number) => prefix + "0".repeat(length - prefix.length);
    const post = (body: string) => tested.get("/set/dcdc/current/E001", { method: "POST", headers, body });
    expect((await tested.get(`/set/dcdc/current/E001${fill("?dig=1.", 16_384)}`)).status).toBe(200);
    expect((await tested.get(`/set/dcdc/current/E001${fill("?dig=1.", 16_385)}`)).status).toBe(413);
    expect((await post(fill("dig=1.", 16_384))).status).toBe(200);
    expect((await post(fill("dig=1.", 16_385))).status).toBe(413);
    expect((await post(`dig=1&x=${"é".repeat(8_190)}`)).status).toBe(413);
  });

  test.each(["application/jsonp", "text/plain", "multipart/form-data; boundary=x", ""])(
    "A3: a body of type %j is refused",
    async (type) => {
      const tested = await createBusyEmulator();
      const init = { method: "POST", body: '{"dig":1}', headers: { "content-type": type } };
      const refusal = await refused(tested, "/set/dcdc/current/E001", init);
      expect(refusal).toMatchObject({ status: 400, code: "invalid_parameter", parameter: "content-type" });
      expect(refusal.message).toContain("application/x-www-form-urlencoded or application/json");
    },
  );

  const jsonHeaders = { "content-type": "application/json" };
  test.each([
    ['{"rsoc":true}', "rsoc", "true"],
    ['{"rsoc":null}', "rsoc", "null"],
    ['{"rsoc":[55]}', "rsoc", "[55]"],
    ['{"rsoc":50,"dvg":{"a":1}}', "dvg", "a"],
    ['{"rsoc":"x"}', "rsoc", "0 to 100"],
    ['{"rsoc":1e999}', "rsoc", "Infinity"],
    ['{"rsoc":101}', "rsoc", "0 to 100"],
    ['{"rsoc":55,"unknown":1}', "unknown", "no parameter"],
    ['{"rsoc":55,"__proto__":1}', "__proto__", "no parameter"],
    ['{"rsoc":55,"rsoc":56}', "rsoc", "more than once"],
    ['{"rsoc":55,"\\u0072soc":56}', "rsoc", "more than once"],
    ['{"rsoc":[55],"rsoc":56}', "rsoc", "more than once"],
    ['{"rsoc":55', "body", "JSON object"],
    ["{rsoc:55}", "body", "JSON object"],
    ["rsoc=55", "body", "JSON object"],
    ["[]", "body", "JSON object"],
    ["null", "body", "JSON object"],
    ["55", "body", "JSON object"],
    [" ", "body", "JSON object"],
  ])("A3: the JSON body %s is refused with what is wrong", async (body, parameter, words) => {
    const tested = await createBusyEmulator();
    const refusal = await refused(tested, "/set/emu/E001", { method: "POST", body, headers: jsonHeaders });
    expect(refusal).toMatchObject({ status: 400, code: "invalid_parameter", parameter });
    expect(refusal.message).toContain(words);
  });

  test("A3: a JSON body without a parameter that is needed, or with one of the query too, is refused", async () => {
    const tested = await createBusyEmulator();
    const post = (body: string) => ({ method: "POST", body, headers: jsonHeaders });
    const missing = { status: 400, code: "missing_parameter", parameter: "dvg" };
    expect(await refused(tested, "/set/dcdc/E001", post('{"mode":"0x0000"}'))).toMatchObject(missing);
    const twice = { status: 400, code: "invalid_parameter", parameter: "dig" };
    expect(await refused(tested, "/set/dcdc/current/E001?dig=1", post('{"dig":1}'))).toMatchObject(twice);
    const huge = post(`{"dig":"${long}"}`);
    expect(await refused(tested, "/set/dcdc/current/E001", huge)).toMatchObject({
      status: 413,
      code: "too_large",
    });
  });

  test("A3: a body that breaks off is the client's error", async () => {
    const tested = await createBusyEmulator();
    const broken = new ReadableStream({
      pull(out) {
        out.enqueue(new TextEncoder().encode("dig="));
        out.error(new Error("Network connection lost."));
      },
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const post = { method: "POST", headers, body: broken, duplex: "half" } as RequestInit;
    const refusal = await refused(tested, "/set/dcdc/current/E001", post);
    expect(refusal).toMatchObject({ status: 400, code: "invalid_parameter", parameter: "body" });
  });

  test("A3: a wrong method is refused with the methods allowed in the Allow header", async () => {
    const tested = await createBusyEmulator();
    const cases: [string, string, string][] = [
      ...["PUT", "DELETE", "PATCH", "OPTIONS", "POST"].map((method): [string, string, string] => [
        method,
        "/get/unit/E001",
        "GET, HEAD",
      ]),
      ...["PUT", "DELETE", "PATCH", "OPTIONS"].map((method): [string, string, string] => [
        method,
        "/set/dcdc/E001?mode=0x0041&dvg=350&dig=1",
        "GET, POST",
      ]),
      ["POST", "/get/log", "GET, HEAD"],
      ["DELETE", "/remove/unit", "GET, POST"],
    ];
    for (const [method, path, allow] of cases) {
      const refusal = await refused(tested, path, { method });
      expect(refusal, `${method} ${path}`).toMatchObject({ status: 405, code: "method_not_allowed" });
      expect(refusal.message).toContain(method);
      expect(refusal.message).toContain(allow);
      expect((await tested.get(path, { method })).headers.get("allow")).toBe(allow);
    }
  });

  test("A3: a path that is none of ours is not found", async () => {
    const tested = await createBusyEmulator();
    const paths = [
      "/get/unit",
      "/get/unit/",
      "/get",
      "/set/dcdc",
      "/GET/LOG",
      "/get/unit/E001/more",
      "/%2e%2e/x",
      "//get/log",
    ];
    for (const path of paths)
      expect(await refused(tested, path), path).toMatchObject({ status: 404, code: "not_found" });
    expect(await refused(tested, "/nowhere", { method: "POST" })).toMatchObject({ status: 404 });
  });

  test("A3: /live without an upgrade is refused", async () => {
    const refusal = await refused(await createBusyEmulator(), "/live");
    expect(refusal).toMatchObject({ status: 400, code: "invalid_parameter", parameter: "upgrade" });
  });
});
