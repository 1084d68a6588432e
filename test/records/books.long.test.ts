import { test } from "vitest";
import { checkBooks } from "./books.ts";

test("R18: what is told of days is the integral of the history, over 1,000 sequences of commands", async () => {
  await checkBooks(1000);
});
