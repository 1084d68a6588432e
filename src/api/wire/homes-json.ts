import * as v from "valibot";
import type { View } from "../../community/state/view.ts";
import { completeSpec } from "../../input/homes/complete-home.ts";
import { homeSchema } from "../../input/homes/home-schema.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";

/** What `/homes` tells, which is a file of homes too. */
export const toldHomesSchema = v.object({ homes: v.array(homeSchema) });

/** The hardware of every unit as it is now, with what its own line leaves out filled in. */
export function writeHomes({ templates, config }: View): v.InferOutput<typeof toldHomesSchema> {
  return {
    homes: templates.map(({ oesunit, dcdc }, index) => {
      const home = completeSpec(config, index + 1);
      const converter = { ...describeLimits(dcdc.param), ...home.converter };
      const { id, ...rest } = home;
      return { id, name: oesunit.display, ...rest, converter };
    }),
  };
}

/** APIS's names of what a converter trips at. */
function describeLimits({ ogv, ugv, cib, obv, ubv }: UnitJson["dcdc"]["param"]) {
  return {
    gridOvervoltageV: ogv,
    gridUndervoltageV: ugv,
    batteryCurrentA: cib,
    batteryOvervoltageV: obv,
    batteryUndervoltageV: ubv,
  };
}
