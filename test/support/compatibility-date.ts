import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { projectFolder } from "../../src/cli/project-folder.ts";

/** What wrangler.toml says: a date of the runtime's behaviour. */
export const compatibilityDate = unstable_readConfig({ config: join(projectFolder, "wrangler.toml") })
  .compatibility_date as string;
