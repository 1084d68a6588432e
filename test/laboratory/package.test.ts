import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { Community } from "../../src/laboratory/index.ts";
import { createData } from "./sample.ts";

test("J10: the package runs where there is nothing but the language, and comes to the same bits", async () => {
  const { outputFiles } = await build({
    entryPoints: ["src/laboratory/index.ts"],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "apis",
  });
  const data = createData(2, 3);
  // A clock, chance, a console, timers and requests would be missing; Date stays, for the calendar.
  const context = createContext({ data });
  runInContext('Date.now = () => { throw new Error("a clock"); }; Math.random = Date.now;', context);
  runInContext((outputFiles[0] as { text: string }).text, context);
  const run = (community: Community) => {
    community.act([{ unit: "E001", set: { mode: "0x0014" } }]);
    for (let step = 0; step < 100; step++) community.advance({ seconds: 900 });
    return JSON.stringify([community.toJSON(), community.observe(), community.energies()]);
  };
  const isolated = runInContext(`(${run.toString()})(apis.Community.create({ data }))`, context);
  expect(isolated).toBe(run(Community.create({ data })));
});
