import type { SaltDay, Span, StatsPlan } from '../../../domain/reading/plan.js';

/** A part of a bucket that lies in one salt day. */
export interface Piece extends Span {
  /** 0: the question’s own range. 1: what it is compared with. */
  readonly period: 0 | 1;
  /** The bucket's place in the plan. */
  readonly bucket: number;
  readonly day: string;
  /** Whether it is the whole day. */
  readonly whole: boolean;
}

/** Cuts buckets and their comparison at the borders of salt days. In order of the plan. */
export function piecesOf({ buckets, previous, days }: StatsPlan): readonly Piece[] {
  const own = buckets.flatMap((span, bucket) =>
    cut(span, days).map((part) => ({ ...part, period: 0 as const, bucket })),
  );
  const theirs = (previous ?? []).flatMap((span, bucket) =>
    span ? cut(span, days).map((part) => ({ ...part, period: 1 as const, bucket })) : [],
  );
  return [...own, ...theirs];
}

function cut(span: Span, days: readonly SaltDay[]): readonly Omit<Piece, 'period' | 'bucket'>[] {
  const parts: Omit<Piece, 'period' | 'bucket'>[] = [];
  for (let at = firstEndingAfter(span.start, days); at < days.length; at += 1) {
    const day = days[at] as SaltDay;
    if (day.start >= span.end) break;
    const start = day.start > span.start ? day.start : span.start;
    const end = day.end < span.end ? day.end : span.end;
    if (start >= end) continue;
    const whole = start.getTime() === day.start.getTime() && end.getTime() === day.end.getTime();
    parts.push({ day: day.day, start, end, whole });
  }
  return parts;
}

/** By halving: a question may have thousands of days and as many buckets. */
function firstEndingAfter(instant: Date, days: readonly SaltDay[]): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] as SaltDay).end > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether visitors of several buckets of a period can be the same ones: two of its pieces lie in one day. */
export function sharesDays(pieces: readonly Piece[]): boolean {
  const seen = new Set<string>();
  return pieces.some(({ period, day }) => {
    const name = `${period} ${day}`;
    return seen.has(name) || !seen.add(name);
  });
}
