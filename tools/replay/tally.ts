import { createBoundedCache } from '../../src/domain/bounded-cache.js';
import type { Fate } from './deliver.js';
import type { Caller, ReplayEvent } from './replay-event.js';

/** How the replay itself tells visitors and bots, independently of the server. */
export interface VisitorTools {
  isBot(userAgent: string | null): boolean;
  /** A word of a closed list. */
  botFamily(userAgent: string): string;
  normaliseUserAgent(userAgent: string | null): string;
}

/** Distinct visitors of one day (UTC, after the shift): pairs of address and normalised user agent, no bots. */
export interface DayCount {
  readonly day: string;
  /** In the log. */
  readonly visitors: number;
  /** With at least one event that the server has: accepted or a duplicate. */
  readonly visitorsTaken: number;
  /** Events that the server has, accepted or duplicates. */
  readonly eventsTaken: number;
}

type Counts = Readonly<Record<string, number>>;

export interface TallyCounts {
  readonly lines: number;
  readonly malformed: number;
  /** Lines that became an event and were handed to the server; the sum of the five below. */
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** By reason, as are the next two. */
  readonly dropped: Counts;
  readonly rejected: Counts;
  /** Never answered for good. */
  readonly failed: Counts;
  /** Requests that had to be repeated, by reason. */
  readonly retries: Counts;
  /** Lines of bots by the replay's own classification, by family. */
  readonly bots: Counts;
  readonly days: readonly DayCount[];
}

export interface Tally {
  malformed(): void;
  event(event: ReplayEvent): void;
  fate(fate: Fate): void;
  retry(reason: string): void;
  /** Lines that are done with: malformed, or with a fate. */
  settled(): number;
  counts(): TallyCounts;
}

interface Day {
  readonly visitors: Set<string>;
  readonly taken: Set<string>;
  eventsTaken: number;
}

/** Counts a replay. Holds visitors in memory only, and gives out nothing but numbers. */
export function createTally(tools: VisitorTools): Tally {
  const totals = { lines: 0, malformed: 0, sent: 0, accepted: 0, duplicates: 0 };
  const groups = {
    dropped: new Map<string, number>(),
    rejected: new Map<string, number>(),
    failed: new Map<string, number>(),
    retries: new Map<string, number>(),
    bots: new Map<string, number>(),
  };
  const days = new Map<string, Day>();
  const visitorOf = createVisitorKey(tools);

  function dayOf(name: string): Day {
    const day = days.get(name) ?? { visitors: new Set<string>(), taken: new Set<string>(), eventsTaken: 0 };
    days.set(name, day);
    return day;
  }

  function taken(event: ReplayEvent): void {
    const day = dayOf(event.day);
    const visitor = visitorOf(event.caller);
    day.eventsTaken += 1;
    if (visitor !== null) day.taken.add(visitor);
  }

  return {
    malformed() {
      totals.lines += 1;
      totals.malformed += 1;
    },
    event(event) {
      totals.lines += 1;
      const visitor = visitorOf(event.caller);
      if (visitor !== null) dayOf(event.day).visitors.add(visitor);
      else bump(groups.bots, tools.botFamily(event.caller.userAgent ?? ''));
    },
    fate({ event, status, reason }) {
      totals.sent += 1;
      if (status === 'ACCEPTED' || status === 'DUPLICATE') {
        totals[status === 'ACCEPTED' ? 'accepted' : 'duplicates'] += 1;
        taken(event);
      } else {
        const group = status === 'DROPPED' ? 'dropped' : status === 'REJECTED' ? 'rejected' : 'failed';
        bump(groups[group], reason ?? 'bad_answer');
      }
    },
    retry: (reason) => bump(groups.retries, reason),
    settled: () => totals.malformed + totals.sent,
    counts: () => ({
      ...totals,
      dropped: sorted(groups.dropped),
      rejected: sorted(groups.rejected),
      failed: sorted(groups.failed),
      retries: sorted(groups.retries),
      bots: sorted(groups.bots),
      days: [...days]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([day, { visitors, taken: had, eventsTaken }]) => ({
          day,
          visitors: visitors.size,
          visitorsTaken: had.size,
          eventsTaken,
        })),
    }),
  };
}

/** The visitor behind a request, or null for a bot. User agents repeat: what was said of one is remembered. */
function createVisitorKey(tools: VisitorTools): (caller: Caller) => string | null {
  const known = createBoundedCache<string | null, string | null>(10_000);
  const normalise = (userAgent: string | null): string | null =>
    tools.isBot(userAgent) ? null : tools.normaliseUserAgent(userAgent);
  return ({ address, userAgent }) => {
    const normalised = known.getOrMake(userAgent, normalise);
    return normalised === null ? null : `${address}\n${normalised}`;
  };
}

function bump(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Largest first. */
function sorted(counts: ReadonlyMap<string, number>): Counts {
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
