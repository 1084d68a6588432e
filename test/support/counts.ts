/** How many cases are tried: all of them in `npm run test:long`, a share in `npm test`. */
export function countOf(whole: number, share: number): number {
  return process.env.LONG_RUN === "true" ? whole : share;
}
