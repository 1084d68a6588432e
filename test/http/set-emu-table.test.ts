import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { emuSchema } from "../../src/input/units/set-parameters.ts";
import { createTestEmulator } from "../support/emulators.ts";

/** The rows of the table of docs/api.md: the parameters that each names, and what it says of them. */
const [, table = ""] = readFileSync("docs/api.md", "utf8").split(
  "| Parameters of `/set/emu` | |\n|---|---|\n",
);
const rows = (table.split("\n\n")[0] as string).split("\n").map((row) => {
  const [, names = "", about = ""] = row.split("|");
  return { names: [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name as string), about: about.trim() };
});
const namesOf = (part: string) =>
  rows.filter(({ about }) => about.includes(part)).flatMap(({ names }) => names);

test("A43: the table of docs/api.md names every parameter of /set/emu once, and those that are refused", () => {
  const refused = namesOf("are refused");
  const taken = rows.flatMap(({ names }) => names).filter((name) => !refused.includes(name));
  expect(taken.toSorted()).toEqual(Object.keys(emuSchema.entries).toSorted());
  for (const name of refused) expect(Object.keys(emuSchema.entries)).not.toContain(name);
});

test("A43: what is echoed alone shows in its answer and nowhere after it, and changes nothing; what is refused changes nothing", async () => {
  const tested = createTestEmulator();
  const read = async () => (await tested.get("/get/log")).text();
  const before = await read();
  for (const name of namesOf("are echoed")) {
    const reply = await (await tested.get(`/set/emu/E001?${name}=123`)).json();
    const { emu, dcdc } = reply.E001;
    expect(emu[name] ?? dcdc.powermeter[name], name).toBe(123);
    expect(await read(), name).toBe(before);
  }
  expect(namesOf("are echoed").length).toBeGreaterThan(10);
  for (const name of namesOf("are refused")) {
    expect((await tested.get(`/set/emu/E001?${name}=1`)).status, name).toBe(400);
    expect(await read(), name).toBe(before);
  }
});
