/** Defects as a programmer might make them. A simulator that does not find them proves nothing. */
export type Defect =
  | "acknowledges before it saves"
  | "saves twice"
  | "rewrites a day"
  | "saves without a transaction"
  | "forgets a command in the log"
  | "writes notes that are not on the disk"
  | "sends a request to a neighbour";

/** The one that the program has now. */
export const planted: { defect: Defect | null } = { defect: null };
