import type { Unit } from '../rows/view.js';
import type { Joiner } from './joiner.js';
import { nearest } from './match.js';

const dayMs = 86_400_000;
/** A session that ends by itself does so after a pause of 30 minutes. */
const pauseMs = 1_800_000;

/**
 * A client that ends its session at its own midnight says by that when its midnight is. A clock that is nine hours
 * behind does it at nine in the morning, every day.
 */
export const deviceMidnightJoiner: Joiner = {
  name: "session ends at the device's midnight",
  describe: 'One session of a visitor is followed by another without a pause, at the same time of day.',
  guess: (view) => nearest(view, changeOfSession, 1_200_000),
};

/** The middle of the two events between which it happens, as a time of day. */
function changeOfSession({ rows }: Unit): number | null {
  const sorted = rows
    .map(({ sessionHash, occurredAt, createdAt }) => ({ sessionHash, at: occurredAt ?? createdAt }))
    .filter(({ sessionHash }) => sessionHash !== null)
    .sort((a, b) => a.at - b.at);
  const seen = new Set<string | null>();
  for (const [index, { sessionHash, at }] of sorted.entries()) {
    const before = sorted[index - 1];
    const isNew = !seen.has(sessionHash);
    seen.add(sessionHash);
    if (before && isNew && at - before.at < pauseMs && !comesAgain(sorted, index, before.sessionHash))
      return ((at + before.at) / 2) % dayMs;
  }
  return null;
}

/** Of two tabs the first goes on. */
function comesAgain(
  rows: readonly { readonly sessionHash: string | null }[],
  from: number,
  session: string | null,
): boolean {
  return rows.slice(from).some(({ sessionHash }) => sessionHash === session);
}
