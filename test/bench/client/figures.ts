import { median, percentile, ratio, type Spread, spread } from '../stats.js';

/** One case in one round, as the page gives it: milliseconds. */
export interface RawRound {
  readonly single: readonly number[];
  /** Means of ten calls in a row; none where only some calls of a burst count. */
  readonly groups: readonly number[];
  /** Of a tracker that sends, after it was closed. */
  readonly counts?: { readonly tracked: number; readonly accepted: number } | undefined;
}

/** Cost of one call of `track`, in µs. */
export interface CallCost {
  readonly name: string;
  readonly calls: number;
  /** Median over the means of ten calls, one per round: finer than the clock. */
  readonly mean10: Spread;
  /** Median of the first calls of the bursts, after a pause in which the processor's caches served others; NaN for none. */
  readonly first: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Without the first call of each burst. */
  readonly p99Warm: number;
  readonly max: number;
  /** The p99 of each round. */
  readonly p99OfRounds: Spread;
  /** To the baseline, round by round; of the means of ten. */
  readonly toBaseline: Spread;
}

/** Calls in a row, as in client/page.js; the calls of a round are a multiple of it. */
export const burst = 20;

/** A call is to cost no more than this, in µs, in 99 of 100 cases. */
export const goalMicros = 20;

/**
 * Percentiles are those of all calls of all rounds. A reading of the clock is off by less than one of its steps, so
 * a call by less than two; the errors have no direction, which leaves means as they are and spreads the values: a
 * high percentile comes out too high rather than too low.
 */
export function callCost(name: string, rounds: readonly RawRound[], baseline: readonly RawRound[]): CallCost {
  const all = micros(rounds.flatMap(({ single }) => single));
  // Where only some calls of a burst count, none of them is its first.
  const isFirst = (index: number): boolean => hasGroups(rounds) && index % burst === 0;
  return {
    name,
    calls: all.length,
    mean10: spread(means(rounds)),
    first: median(all.filter((_, index) => isFirst(index))),
    p50: percentile(all, 50),
    p95: percentile(all, 95),
    p99: percentile(all, 99),
    p99Warm: percentile(
      all.filter((_, index) => !isFirst(index)),
      99,
    ),
    max: percentile(all, 100),
    p99OfRounds: spread(rounds.map(({ single }) => percentile(micros(single), 99))),
    toBaseline: ratio(means(rounds), means(baseline)),
  };
}

const hasGroups = (rounds: readonly RawRound[]): boolean => rounds.some(({ groups }) => groups.length > 0);

/** Milliseconds of the page's clock as µs; its sums of binary fractions are rounded away. */
export function micros(milliseconds: readonly number[]): number[] {
  return milliseconds.map((value) => Math.round(value * 1e6) / 1e3);
}

function means(rounds: readonly RawRound[]): number[] {
  return rounds.filter(({ groups }) => groups.length > 0).map(({ groups }) => median(micros(groups)));
}

/** What a closed tracker had tracked and the server had not stored; one line a case, none when all is well. */
export function lostEvents(name: string, rounds: readonly RawRound[]): readonly string[] {
  const counts = rounds.flatMap((round) => (round.counts ? [round.counts] : []));
  const tracked = counts.reduce((sum, one) => sum + one.tracked, 0);
  const accepted = counts.reduce((sum, one) => sum + one.accepted, 0);
  return tracked === accepted ? [] : [`client, ${name}: ${tracked} events tracked, ${accepted} stored`];
}
