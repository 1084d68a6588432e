import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { routes } from "../../src/api/http/routes.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";

interface Expression {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

/** A slash that begins an expression stands where a value is wanted; comments and divisions do not. */
const literal =
  /(?<=[=(,:[!&|?]\s*|=>\s*|return\s+|^\s*)\/((?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/gm;

const expressions: Expression[] = readdirSync(join(projectFolder, "src"), {
  recursive: true,
  encoding: "utf8",
})
  .filter((name) => name.endsWith(".ts"))
  .flatMap((file) => {
    const text = readFileSync(join(projectFolder, "src", file), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(\*|\/\*|\/\/)/.test(line))
      .join("\n");
    return [...text.matchAll(literal)].map(([, source = "", flags = ""]) => ({ file, source, flags }));
  });

const length = 100_000;
const begins = [
  "",
  "E",
  "-",
  "k",
  '"',
  "[",
  "/e/",
  "Bearer ",
  "q=0.",
  "0.",
  "1",
  ":",
  "/get/unit/",
  "http://",
  "stack = ",
];
const repeated = [
  "0",
  "1",
  "7.",
  "1,",
  ".123",
  ",123",
  "1e",
  "a",
  "a-",
  "A ",
  " ",
  "\t",
  "/",
  "//",
  "-",
  ".",
  ":",
  ":1",
  ";",
  "%",
  '"',
  '\\"',
  "[",
  "]",
  "{",
  "}",
  "(",
  "\r",
  "\n",
  "\0",
  "K",
  "Ω",
  "e",
  "=",
  "E0",
];

/** Whoever needs more than linear time for a text of that length needs minutes: it is not waited for. */
const mostMs = 5000;

test("E10: no expression of src takes more than linear time, whatever it is given", {
  timeout: 120_000,
}, () => {
  expect(expressions.length).toBeGreaterThan(60);
  const ofRoutes = routes.map(({ path }) => ({
    file: `${path} of the routes`,
    source: `^${path.replace(/:(\w+)/g, "(?<$1>[^/]+?)")}/*$`,
    flags: "",
  }));
  const texts = begins.flatMap((begin) =>
    repeated.map((part) => `${begin}${part.repeat(length / part.length)}\u0001!`),
  );
  const slow = [...expressions, ...ofRoutes].filter(({ source, flags }) => !isLinear(source, flags, texts));
  expect(slow).toEqual([]);
});

test("E10: an expression that takes more would be found", () => {
  expect(isLinear("^(\\d+\\.?\\d*|\\.\\d+)$", "", [`${"1".repeat(length)}x`])).toBe(false);
});

function isLinear(source: string, flags: string, texts: readonly string[]): boolean {
  const given = { expression: new RegExp(source, flags.replace("g", "")), texts };
  try {
    runInNewContext("for (const text of texts) expression.test(text)", given, { timeout: mostMs });
    return true;
  } catch {
    return false;
  }
}
