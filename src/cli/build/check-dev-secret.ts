import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { findSecretFault } from "../../input/config/admin-secret.ts";

/** Keeps `npm run dev` from beginning with a secret in its `.dev.vars` with which the worker would answer nothing. */
const text = await readFile(".dev.vars", "utf8").catch(() => "");
const fault = findSecretFault(parseEnv(text).ADMIN_SECRET);
if (fault !== null) {
  console.error(`.dev.vars: ${fault}`);
  process.exitCode = 1;
}
