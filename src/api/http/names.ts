import * as v from "valibot";

/** Names that people give to claims and to snapshots. */
const names = "1 to 40 letters, digits, spaces, dots, hyphens or underscores";
export const givenName = v.pipe(v.string(), v.regex(/^[\p{L}\p{N} ._-]{1,40}$/u, names));

/** Of data that are kept. */
export const givenId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{16}$/, "16 digits and letters a to f, as /data tells them"),
);

/** The same, or `deployment` for those that the deployment has. */
export const usableId = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{16}|deployment)$/, "deployment, or 16 digits and letters a to f, as /data tells them"),
);
