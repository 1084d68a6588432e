import type { FilePlace } from "../input/files.ts";

/** What the deployment gives a community: files, a database, and the configuration's parameters as variables. */
export interface Env extends FilePlace {
  /** The database of all communities, where one is bound. */
  readonly RECORDS?: D1Database;
  /** Where it runs, as `placeOf` reads it. */
  readonly place?: unknown;
  readonly [parameter: string]: unknown;
}
