import * as v from "valibot";
import { hasUnit, refuseUnit, type View } from "../../community/state/view.ts";
import { placeOf } from "../../input/homes/change-home.ts";
import { completeSpec } from "../../input/homes/complete-home.ts";
import { type HomeSpec, homeSchema } from "../../input/homes/home-schema.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { optional, quote } from "../../notation/parameters.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";

/** What `/homes` tells, which is a file of homes too. */
export const toldHomesSchema = v.object({ homes: v.array(homeSchema) });

export const homesParameters = v.object(optional({ unit: v.string() }));

/** The hardware of every unit as it is now, or of one, with what its own line leaves out filled in. */
export function writeHomes(
  view: View,
  { unit }: v.InferOutput<typeof homesParameters>,
): v.InferOutput<typeof toldHomesSchema> | Refused {
  const { templates, config } = view;
  if (unit === undefined)
    return { homes: templates.map((template, index) => describe(view, template, index + 1)) };
  const number = placeOf(config.homes, unit);
  if (number === null) return refuse("unknown_unit", `There is no home ${quote(unit)}`, "unit");
  if (!hasUnit(view, number)) return refuseUnit(view, number);
  return { homes: [describe(view, templates[number - 1] as UnitJson, number)] };
}

function describe({ config, homesOfData }: View, { oesunit }: UnitJson, number: number): HomeSpec {
  const { id, ...rest } = completeSpec(config, number, homesOfData);
  return { id, name: oesunit.display, ...rest };
}
