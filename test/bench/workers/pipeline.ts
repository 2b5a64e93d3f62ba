import { parseCatalogue } from '../../../src/catalogue/index.js';
import type { TrackEventInput } from '../../../src/contract/index.js';
import { createDayOf } from '../../../src/domain/day.js';
import type { Author, Origin } from '../../../src/domain/event.js';
import type { Call } from '../../../src/domain/ingest/call.js';
import type { CheckedEvent } from '../../../src/domain/ingest/checked-event.js';
import { isRefusal } from '../../../src/domain/ingest/refusal.js';
import { ingestSteps } from '../../../src/domain/ingest/steps/index.js';
import { createTrackBatch, type TrackBatchDeps } from '../../../src/domain/ingest/track-batch.js';
import { createWordBudget } from '../../../src/domain/ingest/word-budget.js';
import type { EventSink } from '../../../src/domain/ports/index.js';
import { createKeyring } from '../../../src/domain/privacy/identity/keyring.js';
import { createUserAgentReader } from '../../../src/domain/privacy/user-agent/user-agent.js';
import { ingestMetrics } from '../../../src/observability/ingest-metrics.js';
import { createMetrics } from '../../../src/observability/metrics.js';
import { createRateLimiter } from '../../../src/rate-limit/rate-limiter.js';
import { eventJson, eventsPerVisitor, visitorOf } from '../events.js';

const visitors = 100;

/** One event on its way, past every step already, so that each step can be run on it again. */
export interface Sample {
  readonly body: string;
  readonly input: TrackEventInput;
  readonly event: CheckedEvent;
  readonly call: Call;
}

/** The real pipeline with everything but a database, and events of a hundred visitors. Throws when one is refused. */
export function createSamples(catalogueText: string) {
  const deps = createDeps(catalogueText);
  const keys = deps.keys();
  if (!keys) throw new Error('no secret');
  const samples: Sample[] = [];
  for (let number = 0; number < visitors; number++) {
    const visitor = visitorOf(number);
    const author: Author = {
      subject: `visitor-${number}`,
      email: null,
      isService: false,
      mayBackfill: false,
    };
    const origin: Origin = { ip: visitor.ip, userAgent: visitor.userAgent, optedOut: false };
    const call: Call = {
      ...{ author, origin, visitor: deps.readVisitor(visitor.userAgent) },
      ...{ policy: deps.policy, words: deps.words },
      receivedAt: new Date(),
      sentAt: null,
      catalogue: deps.catalogue.current(),
      deriveClientEventId: null,
    };
    for (let seq = 0; seq < eventsPerVisitor; seq++) {
      const body = eventJson('page_viewed', visitor, seq, new Date());
      const input: TrackEventInput = JSON.parse(body);
      const event = ingestSteps.run(input, call);
      if (isRefusal(event)) throw new Error(`the sample was refused: ${event.refused}`);
      samples.push({ body, input, event, call });
    }
  }
  return { samples, keys, deps, track: createTrackBatch(deps) };
}

function createDeps(catalogueText: string): TrackBatchDeps {
  const parsed = parseCatalogue(catalogueText, {});
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  const catalogue = parsed.value;
  const keyring = createKeyring(Buffer.from('a secret for measuring, of 32 bytes'));
  const clock = { now: () => new Date() };
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const append: EventSink['append'] = async (events) => events.map(() => 'ACCEPTED' as const);
  return {
    sink: { append, pending: () => 0 },
    catalogue: { current: () => catalogue },
    keys: () => keyring,
    clock,
    limiter: createRateLimiter({ perMinute: 1_000_000_000, clock, shared: null }),
    readVisitor: createUserAgentReader({ cacheSize: 5_000 }),
    ownership: null,
    metrics: ingestMetrics(createMetrics(), silent, clock.now),
    policy: {
      maxAgeMs: 72 * 3_600_000,
      retentionDays: 180,
      dayOf: createDayOf('UTC'),
      isInternal: () => false,
    },
    // As it is after the first minutes: what is sent has been sent before.
    words: createWordBudget({ known: { knowsWords: () => true }, clock }),
    identity: 'network',
  };
}
