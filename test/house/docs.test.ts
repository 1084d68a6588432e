import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { routes } from "../../src/api/http/routes.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { observables } from "../../src/laboratory/observables.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(projectFolder, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const read = (page: string) => readFileSync(join(projectFolder, page), "utf8");

/** The anchors of a page's headings, as they are linked to. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("E2: every link between the pages leads to a file, and to a heading where it names one", () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(page, "..", path);
        if (!existsSync(join(projectFolder, target))) return true;
        return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("E3: the README is a front page of at most 150 lines, and names every page of docs", () => {
  const readme = read("README.md");
  expect(readme.split("\n").length).toBeLessThanOrEqual(151);
  expect(pages.filter((page) => page.startsWith("docs/") && !readme.includes(page))).toEqual([]);
});

test("E4: each dependency has its line in docs/dependencies.md, and only those", () => {
  const rows = [...read("docs/dependencies.md").matchAll(/^\| (.+?) \|/gm)].map(([, cell = ""]) => cell);
  const named = rows.flatMap((cell) => cell.split(", "));
  const packages = Object.keys({
    ...packageJson.dependencies,
    ...packageJson.optionalDependencies,
    ...packageJson.devDependencies,
  });
  const isNamed = (name: string) =>
    named.includes(name) || (name.startsWith("@types/") && named.includes("@types/*"));
  expect(packages.filter((name) => !isNamed(name))).toEqual([]);
  const known = (name: string) =>
    packages.includes(name) || ["Package", "---", "*for development*", "@types/*"].includes(name);
  expect(named.filter((name) => !known(name))).toEqual([]);
});

test("E3: the README's tree names every folder of src, and no other", () => {
  const tree = /^src\/worker\.ts[^`]*/m.exec(read("README.md"))?.[0] ?? "";
  const named = tree.split("\n").flatMap((line) => {
    const [, wing] = /^src\/([a-z]+)\//.exec(line) ?? [];
    if (wing !== undefined) return [wing];
    return [...line.matchAll(/ ([a-z]+)\/(?= |$)/g)].map(([, room = ""]) => room);
  });
  const foldersIn = (folder: string) =>
    readdirSync(join(projectFolder, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  const wings = foldersIn("src");
  const rooms = wings.flatMap((wing) => foldersIn(`src/${wing}`));
  expect(named.toSorted()).toEqual([...wings, ...rooms].toSorted());
});

test("E9: every rule has a number of its own, and every test names rules that stand", () => {
  const rules = [...read("test/SPEC.md").matchAll(/^- ([A-Z]\d+):/gm)].map(([, rule]) => rule);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
  const named = readdirSync(join(projectFolder, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .flatMap((name) => [...read(join("test", name)).matchAll(/\btest[^\n(]*\(\s*["`']([A-Z]\d{1,2})\b/g)])
    .map(([, rule]) => rule);
  expect(named.length).toBeGreaterThan(500);
  expect([...new Set(named)].filter((rule) => !rules.includes(rule))).toEqual([]);
});

test("E2: docs/package.md tells of all that can be observed", () => {
  const rows = Object.entries(observables).map(
    ([name, { unit, about }]) => `| \`${name}\` | ${unit} | ${about} |`,
  );
  expect(read("docs/package.md")).toContain(rows.join("\n"));
});

test("E2: docs/api.md names every path of the Web API", () => {
  const text = read("docs/api.md");
  expect(routes.map(({ path }) => path.replace(":id", "<")).filter((path) => !text.includes(path))).toEqual(
    [],
  );
});
