import { test } from "vitest";
import { checkShortened } from "./shortened.ts";

test("R23: what is told of days whose events are shortened is what is told where all states are kept, to the bit", () =>
  checkShortened(3));
