import { readingLimits, type StatsInterval, type StatsWarning } from '../../contract/index.js';
import type { Bucket } from './buckets.js';
import type { CivilTime } from './civil-time.js';
import { wholeSpan } from './comparison.js';
import { isInOneSaltDay } from './salt-days.js';

/** Why points have no visitors and no sessions. */
export type NoVisitors = Extract<StatsWarning, 'VISITORS_NOT_IN_ZONE' | 'VISITORS_NOT_IN_INTERVAL'>;

/**
 * Whether points can tell visitors and sessions: each bucket, as the range cuts it, must lie within one day of the
 * salt. The days' own boundaries decide, not the names of zones: London's winter days are those of UTC. Weeks and
 * months never do, and hours only over some days. Null where nothing is in the way.
 */
export function whyNoVisitors(
  buckets: readonly Bucket[],
  interval: StatsInterval,
  salt: CivilTime,
): NoVisitors | null {
  const isEachInOneDay = (): boolean => buckets.every(({ span }) => isInOneSaltDay(span, salt));
  switch (interval) {
    case 'WEEK':
    case 'MONTH':
      return 'VISITORS_NOT_IN_INTERVAL';
    case 'NONE':
      return isEachInOneDay() ? null : 'VISITORS_NOT_IN_INTERVAL';
    case 'DAY':
      return isEachInOneDay() ? null : 'VISITORS_NOT_IN_ZONE';
    case 'HOUR':
      if (!isEachInOneDay()) return 'VISITORS_NOT_IN_ZONE';
      return hoursOf(buckets) > readingLimits.maxHourlyVisitorHours ? 'VISITORS_NOT_IN_INTERVAL' : null;
  }
}

function hoursOf(buckets: readonly Bucket[]): number {
  const span = wholeSpan(buckets);
  return span ? (span.end.getTime() - span.start.getTime()) / 3_600_000 : 0;
}
