import { field, parseJson } from './json-field.js';
import type { Place } from './ledger.js';
import { clampWaitMs } from './retry-after.js';
import type { Exchange, Outcome } from './transport.js';

/** What is to become of one event of a batch. */
export interface Verdict {
  /**
   * `retry`: it may be taken later. `split`: the batch is too large, or one event is such that the whole was refused;
   * smaller batches tell which. `final`: it is stored, or it never will be.
   */
  readonly outcome: 'retry' | 'split' | 'final';
  /** Stored, now or since before. */
  readonly stored?: 'accepted' | 'duplicates' | undefined;
  /**
   * Why it is not stored. In capitals the far end's word (`trackReasons`, `errorCodes`, a gateway's own codes), in
   * small letters ours.
   */
  readonly reason: string;
  /** Milliseconds until it may be sent again; 0: as the sender likes. */
  readonly waitMs: number;
  readonly place?: Place;
}

/**
 * Reads the answer to `expected` events, from `POST /v1/events` or from the mutation `trackEvents`, a gateway between
 * or not: one verdict for each event, in their order. Never throws, whatever the text.
 */
export function readVerdicts(exchange: Exchange, expected: number): readonly Verdict[] {
  const body = parseJson(exchange.text);
  const results = field(field(field(body, 'data'), 'trackEvents') ?? body, 'results');
  const isComplete = Array.isArray(results) && results.length === expected;
  if (isComplete && isSuccess(statusOf(exchange.outcome))) return results.map(readItem);
  return Array<Verdict>(expected).fill(readRefusal(exchange, body, expected));
}

/** `retryableReasons` of the contract; a browser's bundle has no room for the table. */
const retryableReasons = ['RATE_LIMITED', 'OVERLOADED'];

function readItem(item: unknown): Verdict {
  const stored = readStored(field(item, 'status'));
  // A reason that a newer server has and this client does not know is kept, as long as it is a word.
  const reason = matching(code, field(item, 'reason')) ?? 'bad_answer';
  return {
    outcome: !stored && retryableReasons.includes(reason) ? 'retry' : 'final',
    stored,
    reason,
    waitMs: clampWaitMs(field(item, 'retryAfterMs')),
    place: { field: matching(pointer, field(item, 'field')), rule: matching(ruleName, field(item, 'rule')) },
  };
}

function readStored(status: unknown): Verdict['stored'] {
  if (status === 'ACCEPTED') return 'accepted';
  return status === 'DUPLICATE' ? 'duplicates' : undefined;
}

/** What an answer without a verdict for each event says of all of them. */
function readRefusal({ outcome, waitMs }: Exchange, body: unknown, expected: number): Verdict {
  const error = field(field(field(body, 'errors'), '0'), 'extensions') ?? field(body, 'error');
  const errorCode = matching(code, field(error, 'code'));
  const status = statusOf(outcome);
  const reason = errorCode ?? (isSuccess(status) ? 'bad_answer' : outcome);
  const mayBeOneEvent = isForOneEvent(status, reason) || (!errorCode && isUnexecuted(status, body));
  const isFinal = finalReasons.test(reason) || (mayBeOneEvent ? expected === 1 : isLasting(status));
  return {
    outcome: isFinal ? 'final' : mayBeOneEvent ? 'split' : 'retry',
    reason,
    waitMs: waitMs || clampWaitMs(field(error, 'retryAfterMs')),
  };
}

/** 0 where no answer came. */
const statusOf = (outcome: Outcome): number => Number(/^http_(\d+)$/.exec(outcome)?.[1] ?? 0);

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Refusals that no other batch of this client would escape. */
const finalReasons = /^(UNAUTH|FORBID|GRAPHQL_|PERSISTED_)/;

/** Refusals that one event may have brought upon the others. */
const isForOneEvent = (status: number, reason: string): boolean =>
  [400, 413, 422].includes(status) || /BAD_USER_INPUT|_TOO_LARGE/.test(reason);

/**
 * A GraphQL answer without `data` is a request that was not executed at all (GraphQL specification, section 7.1), so
 * an event in it is to blame, unless a code says more.
 */
const isUnexecuted = (status: number, body: unknown): boolean =>
  isSuccess(status) && Boolean(field(body, 'errors')) && field(body, 'data') === undefined;

/**
 * What does not pass: redirects and 4xx, except 408, 425 and 429 (RFC 9110, RFC 8470, RFC 6585). What can: those, 5xx;
 * 2xx without verdicts, where a portal or proxy answered in the server's place; 0, a redirect as a browser shows it;
 * no answer at all. The ids make sending again harmless.
 */
const isLasting = (status: number): boolean =>
  status >= 300 && status < 500 && ![408, 425, 429].includes(status);

const code = /^[A-Z_]{1,40}$/;
const pointer = /^\/.{0,199}$/s;
const ruleName = /^[A-Za-z.]{1,40}$/;

/** A text of the wire, where it has the form that it should have. */
const matching = (form: RegExp, value: unknown): string | undefined =>
  typeof value === 'string' && form.test(value) ? value : undefined;
