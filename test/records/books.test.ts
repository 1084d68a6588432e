import { test } from "vitest";
import { checkBooks } from "./books.ts";

test("R18: what is told of days is the integral of the history, for every unit, day and span, over 25 sequences of commands", async () => {
  await checkBooks(25);
});
