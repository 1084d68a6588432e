import { test } from "vitest";
import { checkBatches, checkBegin, checkPast } from "./chapter-lives.ts";

test("Q1: through commands and restarts with other parameters and data nothing that was told changes, and nothing jumps, over 1,000 sequences", () =>
  checkPast(1000));

test("Q2: a history gives the same answer for a moment wherever it begins, over any chapters, over 1,000 sequences", () =>
  checkBegin(1000));

test("Q8: a database is told the readings that the CSV file has, over any chapters, in batches of one chapter each, over 1,000 sequences", () =>
  checkBatches(1000));
