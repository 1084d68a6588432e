import type { Head, Layout } from "./layout.ts";
import { ausgrid } from "./layouts/ausgrid.ts";
import { column } from "./layouts/column.ts";
import { days } from "./layouts/days.ts";
import { epw } from "./layouts/epw.ts";
import { lcl } from "./layouts/lcl.ts";
import { long } from "./layouts/long.ts";
import { nsrdb } from "./layouts/nsrdb.ts";
import { power } from "./layouts/power.ts";
import { pvgis, pvgisTypical } from "./layouts/pvgis.ts";
import { wide } from "./layouts/wide.ts";

/** All layouts that are read, those of one publisher before those that many files have. */
export const layouts: readonly Layout[] = [
  epw,
  nsrdb,
  power,
  pvgisTypical,
  pvgis,
  ausgrid,
  lcl,
  days,
  long,
  wide,
  column,
];

export const layoutNames = layouts.map(({ name }) => name);

/** The layout of a file that begins so and why it is that, or null. */
export function recogniseLayout(head: Head): { layout: Layout; why: string } | null {
  for (const layout of layouts) {
    const why = layout.recognise(head);
    if (why !== null) return { layout, why };
  }
  return null;
}
