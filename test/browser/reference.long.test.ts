import { afterAll, beforeAll, expect, test } from "vitest";
import { tags } from "../../src/api/http/tags.ts";
import { document } from "../openapi/answer-checker.ts";
import { findProblems } from "./find-problems.ts";
import { type Screen, startScreen } from "./screen.ts";

let screen: Screen;

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());

test("O6: the reference shows every path, from the emulator alone, and the content security policy refuses nothing", async () => {
  const page = await screen.open("help");
  const urls: string[] = [];
  page.context().on("request", (request) => urls.push(request.url()));
  await page.locator("a", { hasText: "/docs" }).click();
  await page.locator(".opblock").first().waitFor();
  const shown = await page.locator(".opblock-summary-path").allTextContents();
  const paths = new Set(shown.map((path) => path.replaceAll("\u200b", "")));
  expect([...paths].sort()).toEqual(Object.keys(document.paths).sort());
  expect(urls.filter((url) => !url.startsWith(screen.server.url) && !url.startsWith("data:"))).toEqual([]);
  expect(screen.problems).toEqual([]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`O6: axe-core finds nothing serious in the reference, ${colorScheme}, and a link leads back to the screen`, async () => {
    const page = await screen.open("help", { colorScheme, bypassCSP: true });
    await page.goto(`${screen.server.url}/docs`);
    await page.locator(".opblock").first().waitFor();
    expect(await page.locator(".opblock-tag").allTextContents()).toHaveLength(Object.keys(tags).length);
    const paper = await page.locator("html").evaluate((html) => getComputedStyle(html).backgroundColor);
    expect(paper === "rgb(28, 32, 34)").toBe(colorScheme === "dark");
    expect(await findProblems(page)).toEqual([]);
    await page.locator(".opblock-summary-control").nth(2).click();
    await page.locator(".try-out__btn").first().click();
    await page.locator(".highlight-code, .example").first().waitFor();
    expect(await findProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "Back to the screen" }).click();
    await page.locator(".clock-time").waitFor();
    await page.context().close();
  });
}
