/** The community that the bare host serves. */
export const defaultCommunity = "default";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const allowedNames =
  "a lower-case DNS label: 1 to 63 of a–z, 0–9 and hyphens, none at the ends nor at the third and fourth place";

/**
 * Whether a community may have this name: a DNS label that means the same in every address. Labels with hyphens
 * at the third and fourth place are reserved (RFC 5891); `xn--` would be shown as other letters.
 */
export function isCommunityName(name: string): boolean {
  return label.test(name) && name.slice(2, 4) !== "--";
}
