import { describe, expect, test } from "vitest";
import { createTestEmulator } from "../support/emulators.ts";
import { ask, snapshot } from "./api.ts";

const changes = [
  "/set/dcdc/E002?mode=0x0014&dvg=350&dig=1.5&drg=0.1",
  "/set/dcdc/voltage/E002?dvg=345.5&drg=0.2",
  "/set/dcdc/current/E002?dig=0.75",
  "/set/emu/E002?rsoc=66&ups_output_power=123&p2=9",
  "/set/acc/25",
  "/add/unit",
  "/remove/unit",
  "/save",
  "/get/last",
  "/restart",
  "/restart?clock=start",
];

/** An emulator whose every command would be seen: it has run, and one unit is in grid autonomy. */
async function createRunningEmulator() {
  const tested = createTestEmulator({ acceleration: 20 });
  await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=300&dig=2");
  tested.wallMs = 500_000;
  return tested;
}

async function outcomeOf(path: string, init?: RequestInit): Promise<string[]> {
  const tested = await createRunningEmulator();
  const before = await snapshot(tested);
  const answer = JSON.stringify(await ask(tested, path, init));
  const after = await snapshot(tested);
  expect(after, `${path} changed nothing`).not.toBe(before);
  tested.wallMs += 100_000;
  return [answer, after, await snapshot(tested)];
}

describe("methods", () => {
  test.each(changes)("A4: POST %s does what GET does, with its query and with a form body", async (path) => {
    const byGet = await outcomeOf(path);
    expect(await outcomeOf(path, { method: "POST" })).toEqual(byGet);
    const [bare = "", query = ""] = path.split("?");
    const body = new URLSearchParams(query);
    expect(await outcomeOf(bare, { method: "POST", body })).toEqual(byGet);
  });

  test.each(changes)(
    "A4: POST %s does what GET does with a JSON body, of numbers or of texts",
    async (path) => {
      const byGet = await outcomeOf(path);
      const [bare = "", query = ""] = path.split("?");
      const texts = Object.fromEntries(new URLSearchParams(query));
      const isNumber = (text: string) => /^[\d.]+$/.test(text);
      const numbers = Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, isNumber(text) ? Number(text) : text]),
      );
      for (const [given, type] of [
        [texts, "application/json"],
        [numbers, "Application/JSON ; Charset=utf-8"],
      ] as const) {
        const init = { method: "POST", body: JSON.stringify(given), headers: { "content-type": type } };
        expect(await outcomeOf(bare, init)).toEqual(byGet);
      }
    },
  );

  test("A4: a JSON body and a query are read together, and the type of a form is read in any case", async () => {
    const both = "/set/dcdc/E002?mode=0x0014&dvg=350&dig=1.5";
    const wanted = await outcomeOf(both);
    const path = "/set/dcdc/E002?mode=0x0014";
    const post = (body: string, type: string) => ({
      method: "POST",
      body,
      headers: { "content-type": type },
    });
    expect(await outcomeOf(path, post('{"dvg":350,"dig":"1.5"}', "application/json"))).toEqual(wanted);
    expect(await outcomeOf(path, post("dvg=350&dig=1.5", "APPLICATION/X-WWW-FORM-URLENCODED"))).toEqual(
      wanted,
    );
  });

  test("A4: a form body and a query are read together", async () => {
    const path = "/set/dcdc/E002?mode=0x0014&dvg=350&dig=1.5&drg=0.1";
    const body = new URLSearchParams({ dig: "1.5", drg: "0.1" });
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };
    const both = await outcomeOf("/set/dcdc/E002?mode=0x0014&dvg=350", {
      method: "POST",
      body: String(body),
      headers,
    });
    expect(both).toEqual(await outcomeOf(path));
  });

  test.each([
    "/get/log",
    "/get/unit/E001",
    "/get/emu/E001",
    "/get/dcdc/E001",
    "/get/dcdc/status/E001",
    "/get/acc",
  ])("A4: HEAD %s answers the headers of GET without a body", async (path) => {
    const tested = await createRunningEmulator();
    const before = await snapshot(tested);
    const response = await tested.get(path, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe("");
    expect(await snapshot(tested)).toBe(before);
  });

  test("A4: HEAD of what is not there has the status of GET and no body", async () => {
    const tested = await createRunningEmulator();
    for (const path of ["/get/unit/E099", "/nowhere"]) {
      const response = await tested.get(path, { method: "HEAD" });
      expect([response.status, await response.text()], path).toEqual([404, ""]);
    }
  });

  test("A4: a fragment is no part of the query", async () => {
    const tested = await createRunningEmulator();
    expect((await tested.get("/set/emu/E001?rsoc=50#x")).status).toBe(200);
    expect((await tested.get("/get/unit/E001#?rsoc=x")).status).toBe(200);
  });
});
