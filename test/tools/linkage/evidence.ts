import { readFileSync } from 'node:fs';
import { type Evidence, judge } from '../../../tools/linkage/judge.js';
import { fromTsv, senderFrom, type TruthfulRow } from '../../../tools/linkage/rows/tsv.js';
import type { Score } from '../../../tools/linkage/score.js';

/** Made by `npm run linkage -- --users 24 --days 3 --zone Europe/Berlin --dump FILE` with a write path that linked days. */
export const goldenZone = 'Europe/Berlin';

export function goldenRows(): readonly TruthfulRow[] {
  return fromTsv(readFileSync(new URL('../../golden/linkable-rows.tsv', import.meta.url), 'utf8'));
}

export function evidence(rows: readonly TruthfulRow[], zone: string): Evidence {
  return {
    zone,
    rows: rows.map(({ row }) => row),
    senderOf: new Map(
      rows.flatMap(({ row, sender }) =>
        sender === null ? [] : [[row.columns.id ?? '', senderFrom(sender)]],
      ),
    ),
  };
}

/** What does better than chance, as `link (of)`. */
export function linksIn(rows: readonly TruthfulRow[]): readonly string[] {
  return judge(evidence(rows, goldenZone))
    .filter(({ isLink }) => isLink)
    .map(nameOf);
}

export const nameOf = ({ link, of }: Score): string => `${link} (${of})`;

/** A line that says enough in the message of a failed test. */
export const sentenceOf = (score: Score): string =>
  `${nameOf(score)}: ${score.hits} of ${score.guesses} guesses are right, by chance ${score.expected.toFixed(1)}, at most ${score.limit}`;
