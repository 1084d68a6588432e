import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { projectFolder } from "../../src/cli/project-folder.ts";

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

test("W2: every link between the pages leads to a file, and to a heading where it names one", () => {
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

test("W3: the README is a front page of at most 150 lines, and names every page of docs", () => {
  const readme = read("README.md");
  expect(readme.split("\n").length).toBeLessThanOrEqual(151);
  expect(pages.filter((page) => page.startsWith("docs/") && !readme.includes(page))).toEqual([]);
});

test("W4: each dependency has its line in docs/dependencies.md, and only those", () => {
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
