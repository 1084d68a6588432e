import { afterAll, beforeAll, expect, test } from "vitest";
import { document } from "../openapi/answer-checker.ts";
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
