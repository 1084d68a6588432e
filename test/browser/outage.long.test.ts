import { expect, test } from "vitest";
import { eventually, startScreen } from "./screen.ts";

test("U74: A dark house is seen at once: its tile is black and says so, and gets nothing, in English and Japanese", async () => {
  const outages = JSON.stringify([{ from: 0, until: 86_400 }]);
  const screen = await startScreen({ args: ["--set", `outages=${outages}`] });
  try {
    await screen.set("/set/emu/E002?rsoc=0");
    await screen.set("/time/step?seconds=60");
    expect((await screen.state()).units.map(({ outage }) => outage)).toEqual([
      "carried",
      "dark",
      "carried",
      "carried",
    ]);
    for (const [locale, words, headline] of [
      ["en-GB", "no AC: dark", "House 0.0 W; AC fails: the house is dark"],
      ["ja-JP", "AC なし：停電", "宅内 0.0 W、"],
    ] as const) {
      const page = await screen.open("community", { locale });
      const tile = (id: string) => page.locator(`.home-tile[href="#/unit/${id}"]`);
      await eventually(() => tile("E002").getAttribute("data-house"), "dark");
      expect(await tile("E001").getAttribute("data-house")).toBe("lit");
      expect(await tile("E002").locator(".tile-state").textContent()).toBe(words);
      const paper = await tile("E002")
        .locator(".tile-paper")
        .evaluate((of) => getComputedStyle(of).fill);
      expect(paper).not.toBe(
        await tile("E001")
          .locator(".tile-paper")
          .evaluate((of) => getComputedStyle(of).fill),
      );
      await page.goto(`${screen.server.url}/#/unit/E002`);
      const sentence = async () =>
        (await page.locator(".flow-sentence").textContent())?.replaceAll("\u00a0", " ");
      await eventually(async () => (await sentence())?.startsWith(headline) === true, true);
      await page.context().close();
    }
    expect(screen.problems).toEqual([]);
  } finally {
    await screen.close();
  }
});
