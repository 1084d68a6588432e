/*
 * Steps are logged as what they are made of: each action as `/set/emu`, and where they led to as `/time/until`, which performed
 * again moves time alike. So a log with steps is one without. Steps without actions by one source are one row: from its second
 * to the one in its path, so many steps.
 */

/** A row of the log of commands that moved time. */
export interface Move {
  readonly path: string;
  readonly source: string;
  readonly effect: string;
}

/** What steps changed, in a few words for the log of commands. */
export function describeMove(steps: number, rest: string): string {
  return `${steps} ${steps === 1 ? "step" : "steps"}, ${rest}`;
}

/** Two moves of which one follows the other as one, with the simulated second to which it leads; or null if they are not alike. */
export function joinMoves(
  first: Move,
  second: Move,
): { path: string; effect: string; untilS: number } | null {
  const [one, other] = [readMove(first), readMove(second)];
  if (one === null || other === null) return null;
  if (first.source !== second.source || one.claim !== other.claim) return null;
  const effect = describeMove(one.steps + other.steps, other.rest);
  return { path: second.path, effect, untilS: other.untilS };
}

function readMove({ path, effect }: Move) {
  const [, steps, rest = ""] = /^(\d+) steps?, (.*)$/.exec(effect) ?? [];
  const [, second, claim = ""] = /^\/time\/until\?time=([\d.]+)(&.*)?$/.exec(path) ?? [];
  if (steps === undefined || second === undefined) return null;
  return { steps: Number(steps), untilS: Number(second), rest, claim };
}
