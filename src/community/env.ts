import type { FilePlace } from "../input/files.ts";
import type { UnitFileJson } from "../input/units/unit-files.ts";

/** What the deployment gives a community: files, a database, and the configuration's parameters as variables. */
export interface Env extends FilePlace {
  /** The database of all communities, where one is bound. */
  readonly RECORDS?: D1Database;
  /** Files of `jsontmp` that take the place of those of build time, parsed. */
  readonly UNIT_FILES?: UnitFileJson;
  /** Where it runs, as `placeOf` reads it. */
  readonly place?: unknown;
  readonly [parameter: string]: unknown;
}
