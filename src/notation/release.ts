import packageJson from "../../package.json" with { type: "json" };

/** This release, as logs, metrics and records name it. */
export const release: string = packageJson.version;
