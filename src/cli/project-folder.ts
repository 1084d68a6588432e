import { fileURLToPath } from "node:url";

/** Absolute path of the checkout. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));
