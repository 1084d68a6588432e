/** What is built for local runs, in a folder of its own: the bundled worker, and what `wrangler.toml` binds. */
export const workerFiles = { script: "worker.js", bindings: "bindings.json" } as const;
