import { joinersFor } from './joiners/index.js';
import type { Row } from './rows/row.js';
import type { Sender } from './rows/tsv.js';
import { viewOf } from './rows/view.js';
import { type Score, scoreJoiner } from './score.js';
import { truthFrom } from './truth.js';

/** What is in the database, and who sent it in truth, by the row's id. */
export interface Evidence {
  readonly rows: readonly Row[];
  readonly zone: string;
  readonly senderOf: ReadonlyMap<string, Sender>;
}

/** Tries every known link. */
export function judge({ rows, zone, senderOf }: Evidence): readonly Score[] {
  const view = viewOf(rows, zone);
  const truthOf = truthFrom((id) => senderOf.get(id));
  return joinersFor(view, zone).flatMap((joiner) => scoreJoiner(joiner, view, truthOf));
}

/**
 * The same, surely: some thirty links are tried at once, so one of a dozen honest worlds has one beyond 3σ by chance. What
 * is beyond it is tried again in a second world, and is a link only if it is beyond it there, too.
 */
export async function judgeSurely(
  first: Evidence,
  second: () => Promise<Evidence>,
): Promise<readonly Score[]> {
  const scores = judge(first);
  if (!scores.some(({ isLink }) => isLink)) return scores;
  const again = judge(await second());
  return scores.map((score) => {
    if (!score.isLink) return score;
    const other = again.find(({ link, of }) => link === score.link && of === score.of);
    return { ...score, isLink: other?.isLink ?? false, wasOver: true };
  });
}
