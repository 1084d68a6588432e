import { afterAll, beforeAll, expect, test } from "vitest";
import { slowDown } from "../support/slow-link.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

const homes = 1000;

let screen: Screen;
beforeAll(async () => {
  screen = await startScreen({ units: homes });
  // Noon of a sunny day, with a charge of its own in each home.
  await screen.set("/time/until?time=2020-01-05T11:00:00");
  const actions = Array.from({ length: homes }, (_, home) => ({
    unit: `E${String(home + 1).padStart(3, "0")}`,
    set: { rsoc: 30 + ((home * 7919) % 600) / 10 },
  }));
  const response = await fetch(`${screen.server.url}/step`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ actions, seconds: 3000, units: [] }),
  });
  expect(response.status).toBe(200);
  await screen.set("/set/acc/100");
});
afterAll(() => screen.close());

test("U60: over 50 kB/s the first numbers of 1,000 homes need at most 100 kB, and states keep coming live", async () => {
  const context = await screen.browser.newContext({
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
  });
  for (const view of ["community", "units"]) {
    const page = await context.newPage();
    const counted = await slowDown(page);
    const clock = page.locator(".clock-time");
    await page.goto(`${screen.server.url}/#/${view}`, { waitUntil: "commit" });
    await clock.filter({ hasText: ":" }).waitFor();
    expect(counted.bytes).toBeLessThan(100_000);
    await eventually(() => page.locator(".connection").textContent(), "Live");
    const shown = new Set<string | null>();
    await expect
      .poll(
        async () => {
          shown.add(await clock.textContent());
          expect(await page.locator(".connection").textContent()).toBe("Live");
          return shown.size;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(8);
    for (const bytes of counted.states) expect(bytes).toBeLessThan(25_000);
    await page.close();
  }
  await context.close();
});
