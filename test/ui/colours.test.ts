import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const css = await readFile(new URL("../../src/ui/styles/colours.css", import.meta.url), "utf8");
const quantities = ["solar", "ac", "demand", "battery", "grid", "loss", "curtailed", "wasted"];
const homes = [1, 2, 3, 4, 5, 6].map((place) => `home-${place}`);
/** How eyes without one kind of cone see linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const sights: Readonly<Record<string, readonly (readonly number[])[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linearOf(name: string, theme: 0 | 1): number[] {
  const [, light = "", dark = ""] =
    new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css) ?? [];
  const hex = theme === 0 ? light : dark;
  return [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

/** CIELAB, in which a distance of about 2 is just seen. */
function labOf(name: string, theme: 0 | 1, sight: readonly (readonly number[])[]): number[] {
  const seen = linearOf(name, theme);
  const rgb = sight.map((row) =>
    Math.max(
      0,
      Math.min(
        1,
        row.reduce((sum, share, cone) => sum + share * (seen[cone] ?? 0), 0),
      ),
    ),
  );
  const xyz = [
    [0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047],
    [0.2126, 0.7152, 0.0722],
    [0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883],
  ].map((row) => row.reduce((sum, share, cone) => sum + share * (rgb[cone] ?? 0), 0));
  const [x = 0, y = 0, z = 0] = xyz.map((each) =>
    each > 0.008856 ? Math.cbrt(each) : 7.787 * each + 16 / 116,
  );
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const pairsOf = (names: readonly string[]) =>
  names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));

for (const [theme, name] of ["light", "dark"].entries()) {
  const distance = (one: string, other: string, sight: string) => {
    const [a, b] = [one, other].map((each) => labOf(each, theme as 0 | 1, sights[sight] ?? []));
    return Math.hypot(...(a ?? []).map((value, axis) => value - (b?.[axis] ?? 0)));
  };
  for (const sight of Object.keys(sights)) {
    test(`U36: quantities, and homes among each other, differ to eyes with ${sight}, ${name}`, () => {
      for (const [one, other] of pairsOf(quantities))
        expect(distance(one, other, sight), `${one} ${other}`).toBeGreaterThan(15);
      for (const [one, other] of pairsOf([...homes, "battery"]))
        expect(distance(one, other, sight), `${one} ${other}`).toBeGreaterThan(24);
    });
  }
  test(`U36: no home has a quantity's colour, ${name}`, () => {
    for (const home of homes)
      for (const quantity of quantities)
        expect(distance(home, quantity, "usual"), `${home} ${quantity}`).toBeGreaterThan(19);
  });
}
