import { readFileSync } from 'node:fs';
import { parseCatalogue } from '../../src/catalogue/index.js';
import type { TrackBatchResult, TrackEventInput, TrackResult } from '../../src/contract/index.js';
import type { Catalogue } from '../../src/domain/catalogue.js';
import { createDayOf } from '../../src/domain/day.js';
import type { Author, Origin } from '../../src/domain/event.js';
import { createInternalUsers } from '../../src/domain/ingest/internal-users.js';
import {
  createTrackBatch,
  type TrackBatchDeps,
  type TrackCall,
} from '../../src/domain/ingest/track-batch.js';
import { createWordBudget } from '../../src/domain/ingest/word-budget.js';
import { createKeyring } from '../../src/domain/privacy/identity/keyring.js';
import { createUserAgentReader } from '../../src/domain/privacy/user-agent/user-agent.js';
import { createRateLimiter } from '../../src/rate-limit/rate-limiter.js';
import { createMemoryStore } from '../../src/store/memory/memory-store.js';
import { chrome } from './user-agents.js';

const exampleText = readFileSync(new URL('../../examples/catalogue.json', import.meta.url), 'utf8');

/** The catalogue that ships, or that text with changes. */
export function testCatalogue(
  change: (file: Record<string, Record<string, Record<string, unknown>>>) => void = () => undefined,
): Catalogue {
  const file = JSON.parse(exampleText);
  change(file);
  const parsed = parseCatalogue(JSON.stringify(file), {});
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return parsed.value;
}

const shipped = testCatalogue();

export const noon = new Date('2026-11-20T12:00:00.000Z');
export const person: Author = {
  subject: 'user-1',
  email: 'user-1@example.org',
  isService: false,
  mayBackfill: false,
};
export const browser: Origin = { ip: '203.0.113.7', userAgent: chrome, optedOut: false };

let counter = 0;
/** A new UUID for each call: an event nobody has sent before. Of version 4, which is stored as it is sent. */
export function freshId(): string {
  counter++;
  return `0190a000-0000-4000-8000-${counter.toString(16).padStart(12, '0')}`;
}

/** An event that is accepted as it is. */
export function pageViewed(overrides: Partial<TrackEventInput> = {}): TrackEventInput {
  return { eventType: 'page_viewed', appName: 'web', clientEventId: freshId(), ...overrides };
}

/** The write path on a memory store, with everything else real, and a clock that a test sets. */
export function createPipeline(
  overrides: Partial<TrackBatchDeps> & {
    zone?: string;
    secret?: string;
    internal?: string[];
    perMinute?: number;
  } = {},
) {
  const {
    zone = 'UTC',
    secret = 'a secret for tests, longer than 32 bytes',
    internal = [],
    perMinute = 1_000_000,
    ...deps
  } = overrides;
  const time = { now: noon };
  const store = createMemoryStore();
  const counts: string[] = [];
  const keyring = createKeyring(Buffer.from(secret));
  const track = createTrackBatch({
    sink: store,
    catalogue: { current: () => shipped },
    keys: () => keyring,
    clock: { now: () => time.now },
    words: createWordBudget({ known: store, clock: { now: () => time.now } }),
    limiter: createRateLimiter({ perMinute, clock: { now: () => time.now }, shared: null }),
    readVisitor: createUserAgentReader({ cacheSize: 100 }),
    ownership: null,
    metrics: {
      received: (app, eventType) => counts.push(`received ${app} ${eventType}`),
      settled: (app, eventType, outcome, reason, rule) =>
        counts.push(`${outcome} ${app} ${eventType} ${reason} ${rule}`.trim()),
      cutProperties: (app, eventType, count) => counts.push(`cut ${app} ${eventType} ${count}`),
      otherWord: (app, eventType, word) => counts.push(`other ${app} ${eventType} ${word}`),
      missing: (what) => counts.push(`missing ${what}`),
    },
    policy: {
      maxAgeMs: 72 * 3_600_000,
      retentionDays: 180,
      dayOf: createDayOf(zone),
      isInternal: createInternalUsers(internal),
    },
    identity: 'network',
    ...deps,
  });
  const batch = async (
    events: readonly TrackEventInput[],
    call: Partial<TrackCall> = {},
  ): Promise<TrackBatchResult> => {
    const answer = await track({
      author: person,
      origin: browser,
      events,
      sentAt: null,
      deriveIds: false,
      ...call,
    });
    if (!answer.ok) throw new Error(answer.error);
    return answer.value;
  };
  return {
    time,
    store,
    counts,
    track,
    batch,
    /** One event's own verdict. */
    one: async (event: TrackEventInput, call: Partial<TrackCall> = {}): Promise<TrackResult> => {
      const [result] = (await batch([event], call)).results;
      if (!result) throw new Error('no result');
      return result;
    },
    rows: () => store.rows(),
  };
}
