import type { StatsPlan } from '../../../domain/reading/plan.js';

/** How finely cells are told apart: by bucket, or only by period. */
export type Level = 'bucket' | 'period';

/** A part of a question's time, as parts of one statement. Every `SELECT` counts `n` events, `v` visitors and `s` sessions. */
export interface CellSource {
  /** CTEs that the others name. */
  readonly ctes: readonly string[];
  /** `k, n, v` of the question's own period; keys may come several times. */
  readonly ranked: string;
  /** `place, period, bucket, n, v, s` of rows, from the CTE `shown (k, place)`; `place` is null for what it does not show. */
  rows(level: Level): readonly string[];
  /** `period, bucket, n, v, s` of everything. */
  total(level: Level): string;
}

export type Measures = StatsPlan['measures'];

export const bucketOf = (level: Level, bucket = 'bucket'): string =>
  level === 'bucket' ? `${bucket} AS bucket` : '-1 AS bucket';
