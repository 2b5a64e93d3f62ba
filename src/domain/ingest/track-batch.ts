import {
  isObject,
  type Result,
  type TrackBatchResult,
  type TrackEventInput,
  type TrackReason,
  type TrackResult,
  type TrackRule,
} from '../../contract/index.js';
import type { Catalogue, CatalogueSource } from '../catalogue.js';
import type { Author, Origin } from '../event.js';
import type { AppendVerdict, Clock, EventSink, RateLimiter } from '../ports/index.js';
import { derivedClientEventId, rateLimitKey } from '../privacy/identity/hashes.js';
import { canonicalJson } from '../privacy/shape/canonical-json.js';
import { isUuid } from '../uuid.js';
import { anonymise, type Keys } from './anonymise.js';
import type { Call, IngestPolicy, Visitor } from './call.js';
import type { CheckedEvent, OtherWord } from './checked-event.js';
import { mapInSlices } from './in-slices.js';
import type { Ownership } from './ownership.js';
import { drop, isRefusal, type Refusal } from './refusal.js';
import { ingestSteps } from './steps/index.js';
import { refusedVerdict, storedVerdict, type Verdict } from './verdicts.js';
import type { VisitorIdentity } from './visitor-identity.js';
import type { WordBudget } from './word-budget.js';

/** Counting is part of dropping: every event that comes in is counted once as received and once by what became of it. */
export interface IngestMetrics {
  received(app: string, eventType: string): void;
  settled(
    app: string,
    eventType: string,
    outcome: 'accepted' | 'duplicate' | 'dropped' | 'rejected' | 'failed',
    reason: TrackReason | '',
    rule: TrackRule | '',
  ): void;
  cutProperties(app: string, eventType: string, count: number): void;
  otherWord(app: string, eventType: string, word: OtherWord): void;
  missing(what: 'address' | 'user_agent'): void;
}

export interface TrackBatchDeps {
  readonly sink: EventSink;
  readonly catalogue: CatalogueSource;
  /** Answers null while there is no usable secret: nothing is hashed with anything else. */
  readonly keys: () => Keys | null;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly readVisitor: (userAgent: string | null) => Visitor;
  readonly ownership: Ownership | null;
  readonly metrics: IngestMetrics;
  readonly policy: IngestPolicy;
  readonly words: WordBudget;
  readonly identity: VisitorIdentity;
}

/** A batch that the pipeline takes. */
export interface TrackCall {
  readonly author: Author;
  readonly origin: Origin;
  /** Over REST an element may be anything that JSON can say; what it should be is checked by the steps. */
  readonly events: readonly TrackEventInput[];
  /** The client's clock when it sent the batch. */
  readonly sentAt: Date | null;
  /** Whether `clientEventId` may be left out (REST). */
  readonly deriveIds: boolean;
  /** When the request came in; the clock decides where it is left out. */
  readonly receivedAt?: Date;
}

/** The answer is refused where the store or the secret is away: nothing is acknowledged, and sending the same again is safe. */
export type TrackAnswer = Result<TrackBatchResult, 'SERVICE_UNAVAILABLE'>;

/**
 * The write path: charges the author's allowance, runs every event through the steps, anonymises what is
 * kept and appends it. One verdict per event, in order; what is acknowledged is committed.
 */
export function createTrackBatch(deps: TrackBatchDeps): (call: TrackCall) => Promise<TrackAnswer> {
  return async (request) => {
    const keys = deps.keys();
    const catalogue = deps.catalogue.current();
    const received = request.events.map((input) => ({ input, ...labelsOf(input, catalogue) }));
    for (const { app, eventType } of received) deps.metrics.received(app, eventType);
    if (!keys) return fail(received, deps);

    const call = toCall(request, keys, catalogue, deps);
    const allowance = await charge(request, keys, deps);
    const outcomes = await judge(received, call, allowance.granted);
    const judged = await askOwners(outcomes, call, deps.ownership);
    if (!judged) return fail(received, deps);

    const kept = judged.flatMap(({ outcome }) => (isRefusal(outcome) ? [] : [outcome]));
    const stored = await append(kept, call, keys, deps);
    if (!stored) return fail(received, deps);
    const decided = judged.map((event) => ({
      ...event,
      verdict: isRefusal(event.outcome)
        ? refusedVerdict(event.outcome, allowance.retryAfterMs)
        : storedVerdict(event.outcome, verdictIn(stored, event.outcome)),
    }));
    return { ok: true, value: settle(decided, call, deps.metrics) };
  };
}

interface Labels {
  readonly app: string;
  readonly eventType: string;
}

/** An event as it was sent, and what it is counted under. */
interface Received extends Labels {
  readonly input: TrackEventInput;
}

/** The same with what the steps said of it. */
interface Judged extends Received {
  readonly outcome: CheckedEvent | Refusal;
}

/** The same with what is said of it to the caller. */
interface Decided extends Received {
  readonly verdict: Verdict;
}

/** Metric labels come from the catalogue or are `unknown`: a closed set, whatever is sent. */
function labelsOf(event: TrackEventInput, { apps, eventTypes }: Catalogue): Labels {
  if (!isObject(event)) return { app: 'unknown', eventType: 'unknown' };
  return {
    app: apps.has(event.appName) ? event.appName : 'unknown',
    eventType: eventTypes.has(event.eventType) ? event.eventType : 'unknown',
  };
}

function fail(labels: readonly Labels[], deps: TrackBatchDeps): TrackAnswer {
  for (const { app, eventType } of labels) deps.metrics.settled(app, eventType, 'failed', '', '');
  return { ok: false, error: 'SERVICE_UNAVAILABLE' };
}

function toCall(request: TrackCall, keys: Keys, catalogue: Catalogue, deps: TrackBatchDeps): Call {
  const { author } = request;
  const origin = author.isService ? { ...request.origin, userAgent: null } : request.origin;
  if (!author.isService && origin.ip === null) deps.metrics.missing('address');
  if (!author.isService && origin.userAgent === null) deps.metrics.missing('user_agent');
  return {
    author,
    origin,
    visitor: deps.readVisitor(origin.userAgent),
    receivedAt: request.receivedAt ?? deps.clock.now(),
    sentAt: request.sentAt,
    catalogue,
    policy: deps.policy,
    words: deps.words,
    deriveClientEventId: request.deriveIds
      ? (input) => derivedClientEventId(keys.secret, author.subject, contentOf(input))
      : null,
  };
}

/** What an event without an id is recognised by. A retry says another `sentAt`, and is the same event. */
function contentOf(input: TrackEventInput): string {
  return canonicalJson({ ...input, sentAt: undefined });
}

/**
 * Every event costs one, also those that the steps will refuse. Servers and importers are not visitors: no limit. The
 * day is that of the clock now, as the limiter's minute is, however long the request took to arrive.
 */
async function charge(request: TrackCall, keys: Keys, deps: TrackBatchDeps) {
  const wanted = request.events.length;
  if (wanted === 0 || request.author.isService || request.author.mayBackfill)
    return { granted: wanted, retryAfterMs: 0 };
  const salt = keys.saltOf(deps.policy.dayOf(deps.clock.now()));
  return deps.limiter.take(rateLimitKey(salt, request.author.subject), wanted);
}

/** Runs the steps over the events that the allowance covers. */
function judge(received: readonly Received[], call: Call, granted: number): Promise<readonly Judged[]> {
  return mapInSlices(received, (event, index) => ({
    ...event,
    outcome: index < granted ? ingestSteps.run(event.input, call) : drop('RATE_LIMITED'),
  }));
}

/** Asks the operator's rule for every event that passed. Null: the rule failed, and nobody can say who may. */
async function askOwners(
  judged: readonly Judged[],
  { author }: Call,
  ownership: Ownership | null,
): Promise<readonly Judged[] | null> {
  if (!ownership) return judged;
  const answers = await Promise.allSettled(
    judged.map(async (event): Promise<Judged> => {
      if (isRefusal(event.outcome)) return event;
      return { ...event, outcome: (await ownership(event.outcome, author)) ?? event.outcome };
    }),
  );
  const asked = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return asked.length === judged.length ? asked : null;
}

/** What the store said of each event; null where it did not answer for every one, so that nothing is acknowledged. */
async function append(
  events: readonly CheckedEvent[],
  call: Call,
  keys: Keys,
  { sink, identity }: TrackBatchDeps,
): Promise<ReadonlyMap<CheckedEvent, AppendVerdict> | null> {
  if (events.length === 0) return new Map();
  const verdicts = await sink.append(events.map((event) => anonymise(event, call, keys, identity)));
  if (verdicts.length !== events.length || verdicts.includes('UNAVAILABLE')) return null;
  return new Map(verdicts.flatMap((verdict, index) => (events[index] ? [[events[index], verdict]] : [])));
}

/** Throws where there is none: an event without an answer of the store is never acknowledged. */
function verdictIn(stored: ReadonlyMap<CheckedEvent, AppendVerdict>, event: CheckedEvent): AppendVerdict {
  const verdict = stored.get(event);
  if (!verdict) throw new Error('the store said nothing of an event');
  return verdict;
}

/** Counts every event by what became of it, and makes the answer. */
function settle(decided: readonly Decided[], call: Call, metrics: IngestMetrics): TrackBatchResult {
  const counts = { accepted: 0, duplicates: 0, dropped: 0, rejected: 0 };
  const results = decided.map(({ input, app, eventType, verdict }): TrackResult => {
    const { cutProperties, otherWords, ...said } = verdict;
    const { count, outcome } = countedAs[said.status];
    counts[count]++;
    if (cutProperties > 0) metrics.cutProperties(app, eventType, cutProperties);
    for (const word of otherWords) metrics.otherWord(app, eventType, word);
    const rule = said.reason ? (said.rule ?? '') : '';
    metrics.settled(app, eventType, outcome, said.reason ?? '', rule);
    return { clientEventId: echoId(input, call), ...said };
  });
  return { ...counts, results };
}

const countedAs = {
  ACCEPTED: { count: 'accepted', outcome: 'accepted' },
  DUPLICATE: { count: 'duplicates', outcome: 'duplicate' },
  DROPPED: { count: 'dropped', outcome: 'dropped' },
  REJECTED: { count: 'rejected', outcome: 'rejected' },
} as const;

/**
 * The caller's own id, so that it finds its event again; nothing where what it sent is no UUID (values are not echoed)
 * or no event.
 */
function echoId(input: TrackEventInput, { deriveClientEventId }: Call): string {
  if (!isObject(input)) return '';
  const sent = input.clientEventId;
  if (sent == null) return deriveClientEventId?.(input) ?? '';
  return typeof sent === 'string' && isUuid(sent) ? sent : '';
}
