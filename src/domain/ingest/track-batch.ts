import {
  type TrackBatchResult,
  type TrackEventInput,
  type TrackReason,
  type TrackResult,
  trackReasons,
} from '../../contract/index.js';
import type { CatalogueSource } from '../catalogue.js';
import type { AnonymousEvent, Author, Origin } from '../event.js';
import type { AppendVerdict, Clock, EventStore, RateLimiter } from '../ports.js';
import { canonicalJson } from '../privacy/canonical-json.js';
import { derivedClientEventId, rateLimitKey } from '../privacy/hashes.js';
import { anonymise, type Keys, type VisitorIdentity } from './anonymise.js';
import { type Call, type Draft, draftOf, type IngestPolicy, type Step, type Visitor } from './draft.js';
import type { Ownership } from './ownership.js';
import { ingestSteps } from './steps/index.js';

/** Counting is part of dropping: every event that comes in is counted once as received and once by what became of it. */
export interface IngestMetrics {
  received(app: string, eventType: string): void;
  settled(
    app: string,
    eventType: string,
    outcome: 'accepted' | 'duplicate' | 'dropped' | 'rejected' | 'failed',
    reason: TrackReason | '',
  ): void;
  cutProperties(app: string, eventType: string, count: number): void;
  missing(what: 'address' | 'user_agent'): void;
}

export interface TrackBatchDeps {
  readonly store: EventStore;
  readonly catalogue: CatalogueSource;
  /** Answers null while there is no usable secret: nothing is hashed with anything else. */
  readonly keys: () => Keys | null;
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly readVisitor: (userAgent: string | null) => Visitor;
  readonly ownership: Ownership | null;
  readonly metrics: IngestMetrics;
  readonly policy: IngestPolicy;
  readonly identity: VisitorIdentity;
  /** For measuring: replaces the list of steps. */
  readonly steps?: readonly Step[];
}

export interface TrackCall {
  readonly author: Author;
  readonly origin: Origin;
  readonly events: readonly TrackEventInput[];
  /** The client's clock when it sent the batch. */
  readonly sentAt: Date | null;
  /** Whether `clientEventId` may be left out (REST). */
  readonly deriveIds: boolean;
  /** When the request came in; the clock decides where it is left out. */
  readonly receivedAt?: Date;
}

export type TrackAnswer =
  | { readonly ok: true; readonly result: TrackBatchResult }
  /** The store or the secret is away: nothing is acknowledged, and sending the same again is safe. */
  | { readonly ok: false; readonly code: 'SERVICE_UNAVAILABLE' };

/** Where an overloaded client should come back. */
const overloadedRetryMs = 1_000;

/**
 * The write path: charges the author's allowance, runs every event through the steps, anonymises what is
 * kept and appends it. One verdict per event, in order; what is acknowledged is committed.
 */
export function createTrackBatch(deps: TrackBatchDeps): (call: TrackCall) => Promise<TrackAnswer> {
  const steps = deps.steps ?? ingestSteps;

  return async (request) => {
    const keys = deps.keys();
    const labels = request.events.map((event) => labelsOf(event, deps));
    for (const label of labels) deps.metrics.received(label.app, label.eventType);
    if (!keys) return fail(labels, deps);

    const call = toCall(request, keys, deps);
    const allowance = await charge(request, keys, deps);
    const drafts: Draft[] = [];
    const verdicts: (Verdict | null)[] = request.events.map((input, index) => {
      const draft = draftOf(input, call.receivedAt);
      drafts.push(draft);
      if (index >= allowance.granted) return { reason: 'RATE_LIMITED', retryAfterMs: allowance.retryAfterMs };
      const reason = runSteps(steps, draft, call);
      return reason && { reason, retryAfterMs: null };
    });
    if (deps.ownership && !(await applyOwnership(deps.ownership, drafts, verdicts, call)))
      return fail(labels, deps);

    const kept: { index: number; event: AnonymousEvent }[] = [];
    drafts.forEach((draft, index) => {
      if (verdicts[index] === null) kept.push({ index, event: anonymise(draft, call, keys, deps.identity) });
    });
    const appended = kept.length > 0 ? await deps.store.append(kept.map(({ event }) => event)) : [];
    if (appended.includes('UNAVAILABLE')) return fail(labels, deps);
    kept.forEach(({ index }, position) => {
      verdicts[index] = fromStore(appended[position] ?? 'UNAVAILABLE');
    });
    return { ok: true, result: settle(drafts, verdicts, labels, deps.metrics) };
  };
}

interface Verdict {
  /** Null: it is stored. */
  readonly reason: TrackReason | null;
  readonly retryAfterMs: number | null;
  readonly duplicate?: boolean;
}

interface Labels {
  readonly app: string;
  readonly eventType: string;
}

/** Metric labels come from the catalogue or are `unknown`: a closed set, whatever is sent. */
function labelsOf(event: TrackEventInput, deps: TrackBatchDeps): Labels {
  const catalogue = deps.catalogue.current();
  return {
    app: catalogue.apps.has(event.appName) ? event.appName : 'unknown',
    eventType: catalogue.eventTypes.has(event.eventType) ? event.eventType : 'unknown',
  };
}

function fail(labels: readonly Labels[], deps: TrackBatchDeps): TrackAnswer {
  for (const label of labels) deps.metrics.settled(label.app, label.eventType, 'failed', '');
  return { ok: false, code: 'SERVICE_UNAVAILABLE' };
}

function toCall(request: TrackCall, keys: Keys, deps: TrackBatchDeps): Call {
  const receivedAt = request.receivedAt ?? deps.clock.now();
  const { author } = request;
  const origin = author.isService ? { ...request.origin, userAgent: null } : request.origin;
  if (!author.isService && origin.ip === null) deps.metrics.missing('address');
  if (!author.isService && origin.userAgent === null) deps.metrics.missing('user_agent');
  return {
    author,
    origin,
    visitor: deps.readVisitor(origin.userAgent),
    receivedAt,
    clockOffsetMs: request.sentAt ? receivedAt.getTime() - request.sentAt.getTime() : 0,
    catalogue: deps.catalogue.current(),
    policy: deps.policy,
    deriveClientEventId: request.deriveIds
      ? (input) => derivedClientEventId(keys.secret, author.subject, canonicalJson(input))
      : null,
  };
}

/** Every event costs one, also those that the steps will refuse. Servers and importers are not visitors: no limit. */
async function charge(request: TrackCall, keys: Keys, deps: TrackBatchDeps) {
  const wanted = request.events.length;
  if (wanted === 0 || request.author.isService || request.author.mayBackfill)
    return { granted: wanted, retryAfterMs: 0 };
  return deps.limiter.take(rateLimitKey(keys.secret, request.author.subject), wanted);
}

function runSteps(steps: readonly Step[], draft: Draft, call: Call): TrackReason | null {
  for (const step of steps) {
    const reason = step.run(draft, call);
    if (reason) return reason;
  }
  return null;
}

/** Asks the operator's rule for every event that passed. False: the rule failed, and nobody can say who may. */
async function applyOwnership(
  ownership: Ownership,
  drafts: readonly Draft[],
  verdicts: (Verdict | null)[],
  call: Call,
): Promise<boolean> {
  const asked = drafts.map(async (draft, index) => {
    if (verdicts[index] !== null) return;
    const reason = await ownership(draft, call.author);
    if (reason) verdicts[index] = { reason, retryAfterMs: null };
  });
  const answers = await Promise.allSettled(asked);
  return answers.every(({ status }) => status === 'fulfilled');
}

function fromStore(verdict: AppendVerdict): Verdict {
  if (verdict === 'ACCEPTED') return { reason: null, retryAfterMs: null };
  if (verdict === 'DUPLICATE') return { reason: null, retryAfterMs: null, duplicate: true };
  if (verdict === 'OVERLOADED') return { reason: 'OVERLOADED', retryAfterMs: overloadedRetryMs };
  return { reason: 'INVALID_TEXT', retryAfterMs: null };
}

function settle(
  drafts: readonly Draft[],
  verdicts: readonly (Verdict | null)[],
  labels: readonly Labels[],
  metrics: IngestMetrics,
): TrackBatchResult {
  const counts = { accepted: 0, duplicates: 0, dropped: 0, rejected: 0 };
  const results = drafts.map((draft, index): TrackResult => {
    const verdict = verdicts[index] ?? { reason: null, retryAfterMs: null };
    const label = labels[index] ?? { app: 'unknown', eventType: 'unknown' };
    const status = statusOf(verdict);
    if (status === 'ACCEPTED') {
      counts.accepted++;
      if (draft.cutProperties > 0) metrics.cutProperties(label.app, label.eventType, draft.cutProperties);
    } else if (status === 'DUPLICATE') counts.duplicates++;
    else if (status === 'DROPPED') counts.dropped++;
    else counts.rejected++;
    metrics.settled(label.app, label.eventType, outcomes[status], verdict.reason ?? '');
    return {
      clientEventId: echoId(draft),
      status,
      reason: verdict.reason,
      retryAfterMs: verdict.retryAfterMs,
      field: null,
      rule: null,
    };
  });
  return { ...counts, results };
}

const outcomes = {
  ACCEPTED: 'accepted',
  DUPLICATE: 'duplicate',
  DROPPED: 'dropped',
  REJECTED: 'rejected',
} as const;

function statusOf(verdict: Verdict): keyof typeof outcomes {
  if (verdict.reason) return trackReasons[verdict.reason].status;
  return verdict.duplicate ? 'DUPLICATE' : 'ACCEPTED';
}

/** The caller's own id, so that it finds its event again; nothing where it sent no id (values are not echoed). */
function echoId(draft: Draft): string {
  const sent = draft.input.clientEventId;
  if (draft.clientEventId) return sent ?? draft.clientEventId;
  return typeof sent === 'string' && sent.length === 36 && /^[0-9a-f-]+$/i.test(sent) ? sent : '';
}
