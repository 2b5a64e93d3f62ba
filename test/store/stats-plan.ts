import { createHash } from 'node:crypto';
import type { AnonymousEvent } from '../../src/domain/event.js';
import type { EventStats } from '../../src/domain/ports/index.js';
import type {
  FoundRow,
  SaltDay,
  Span,
  StatsCounts,
  StatsFilter,
  StatsFound,
  StatsPlan,
} from '../../src/domain/reading/plan.js';
import { allowPlan } from '../../src/domain/reading/policy.js';
import { anonymousEvent, type EventOverrides } from '../support/events.js';

/** The spans between one instant and the next. */
export function spans(...instants: readonly string[]): Span[] {
  const dates = instants.map((instant) => new Date(instant));
  return dates.slice(1).map((end, place) => ({ start: dates[place] as Date, end }));
}

/** Days of the salt, each from its own instant to the next one's. */
export function saltDays(starts: Readonly<Record<string, string>>, end: string): SaltDay[] {
  const days = Object.keys(starts);
  return spans(...Object.values(starts), end).map((span, place) => ({ ...span, day: days[place] as string }));
}

/** Days of UTC, one after another. */
export function utcDays(first: string, count: number): SaltDay[] {
  const begin = Date.parse(first);
  return Array.from({ length: count }, (_, place) => {
    const [start, end] = [place, place + 1].map((day) => new Date(begin + day * 86_400_000)) as [Date, Date];
    return { day: start.toISOString().slice(0, 10), start, end };
  });
}

export const everything: StatsFilter = { all: [], not: null };

/** A plan that counts everything by the days it names, unless it says more. */
export function planOf(plan: Partial<StatsPlan> & Pick<StatsPlan, 'days'>): StatsPlan {
  return {
    buckets: plan.days.map(({ start, end }) => ({ start, end })),
    previous: null,
    filter: everything,
    groupBy: [],
    top: 10,
    orderBy: 'EVENTS',
    measures: { visitors: true, sessions: true, properties: [] },
    points: true,
    maxRowsRead: 5_000_000,
    ...plan,
  };
}

/** The answer of an engine, which must not refuse. */
export async function ask(engine: EventStats, plan: StatsPlan): Promise<StatsFound> {
  const allowed = allowPlan(plan, { isAdmin: true });
  if (!allowed) throw new Error('An admin may ask everything.');
  const answer = await engine.stats(allowed);
  if (!answer.ok) throw new Error(`The engine refused: ${JSON.stringify(answer.error)}`);
  return answer.value;
}

/** Who somebody is on a day: another one on every day. */
export function hashOf(day: string, who: string): string {
  return createHash('sha256').update(`${day} ${who}`).digest('hex').slice(0, 32);
}

/** An event of somebody, in a session of its own for each visitor. Nobody: the visitor opted out. */
export function seen(
  at: string,
  who: string | null,
  { day = at.slice(0, 10), ...more }: EventOverrides = {},
) {
  return anonymousEvent({
    day,
    createdAt: new Date(at),
    userHash: who && hashOf(day, who),
    sessionHash: who && hashOf(day, `session of ${who}`),
    properties: null,
    ...more,
  });
}

/** Events of one instant and visitor that differ in one word each. */
export function seenWith(at: string, words: readonly EventOverrides[]): AnonymousEvent[] {
  return words.map((word) => seen(at, 'ann', word));
}

/** Events, visitors and sessions. */
export function numbers({ events, visitors, sessions }: StatsCounts) {
  return [events, visitors, sessions];
}

/** For each row its key and its events, with `OTHER` instead of the key where that is what it is. */
export function eventsByKey(rows: readonly FoundRow[]) {
  return rows.map(({ kind, key, totals }) => [kind === 'OTHER' ? kind : key, totals.events]);
}
