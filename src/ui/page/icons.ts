import { svg } from "./dom.ts";

/** The screen's own few icons: strokes of 2 on a field of 24 by 24, in the colour of the text beside them. */
const paths = {
  hold: "M8 5v14M16 5v14",
  run: "M7 5l12 7-12 7z",
  menu: "M4 6h16M4 12h16M4 18h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  language: "M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
  "theme-auto": "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  "theme-light":
    "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19",
  "theme-dark": "M20 14A8.5 8.5 0 1 1 10 4a7 7 0 0 0 10 10z",
} as const;

export type IconName = keyof typeof paths;

/** An icon beside words, or in a button that has a name of its own. */
export function createIcon(name: IconName): SVGSVGElement {
  const path = svg("path", { d: paths[name] });
  return svg("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}
