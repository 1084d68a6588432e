import { buildProject } from "./build-project.ts";

/** Builds what a local run serves into two folders. A process of its own: what builds takes memory until it ends. */
const [worker, publicFolder] = process.argv.slice(2);
await buildProject({ worker: worker as string, public: publicFolder as string });
