// Runs a program of the checkout, `node bin/run.js FILE …`, under a Node that takes TypeScript.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { underNewNode } from "./node-version.js";

underNewNode(() => {
  const path = resolve(process.argv[2]);
  process.argv.splice(1, 2, path);
  return import(pathToFileURL(path).href);
});
