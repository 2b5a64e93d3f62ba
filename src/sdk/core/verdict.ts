import { retryableReasons, type TrackStatus } from '../../contract/index.js';
import { attempt } from './attempt.js';
import { clampWaitMs } from './backoff.js';
import type { Exchange } from './transport.js';

/** What the far end said of one event. */
export interface ItemVerdict {
  /** Undefined where the far end said none. */
  readonly status: TrackStatus | undefined;
  /** The far end's word, or `bad_answer`; null for what was stored. */
  readonly reason: string | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
}

/**
 * What a request means for its batch. Reasons in capitals are the far end's words (`trackReasons`,
 * `errorCodes`, a gateway's own codes), those in small letters are ours.
 */
export interface Outcome {
  /** `split`: too large, or one event is such that the whole was refused: smaller batches tell which. */
  readonly kind: 'answered' | 'retry' | 'split' | 'refused';
  /** With `answered`: one verdict for each event, in their order. */
  readonly items: readonly ItemVerdict[] | null;
  /** Null with `answered`. */
  readonly reason: string | null;
  readonly retryAfterMs: number | null;
}

/** Whatever JSON came: each step may be missing. */
type Loose = { readonly [name: string]: Loose | undefined } | null | undefined;

const word = (value: unknown) =>
  typeof value === 'string' && /^[A-Z][A-Z_]{0,39}$/.test(value) ? value : null;

/** Refusals that no other batch of this client would escape. */
const final = /^(UNAUTHENTICATED|FORBIDDEN|GRAPHQL_|PERSISTED_)/;
/** Refusals that one event may have brought upon the others. */
const divisible = /^(4(00|13|22)|BAD_USER_INPUT|.+_TOO_LARGE)$/;
/**
 * What can pass: 408, 425, 429 and 5xx (RFC 9110, RFC 8470, RFC 6585); 2xx without verdicts, where a portal or
 * proxy answered in the server's place; 0, a redirect as a browser shows it; no answer at all. The ids make sending
 * again harmless.
 */
const passing = /^(0|2..|408|425|429|5..|[a-z_]+)$/;

/**
 * Reads an answer to `expected` events, from `POST /v1/events` or from the mutation `trackEvents`, a gateway
 * between or not. A GraphQL answer without `data` is a request that was not executed at all (GraphQL
 * specification, section 7.1), so an event in it is to blame unless a code says more. Never throws, whatever
 * the text.
 */
export function readBatchAnswer(exchange: Exchange, expected: number): Outcome {
  const status = String(exchange.status);
  const ok = status[0] === '2';
  const body: Loose = attempt(() => JSON.parse(exchange.text), null);
  const results: unknown = (body?.data?.trackEvents ?? body)?.results;
  const error = body?.errors?.[0]?.extensions ?? body?.error;
  const code = word(error?.code);
  const reason = code ?? (ok ? 'bad_answer' : status.replace(/^\d/, 'http_$&'));
  const outcome = {
    items: null,
    reason,
    retryAfterMs: clampWaitMs(exchange.retryAfterMs ?? error?.retryAfterMs),
  };
  if (ok && Array.isArray(results) && results.length === expected) {
    return { ...outcome, kind: 'answered', items: results.map(readItem), reason: null };
  }
  if (final.test(reason)) return { ...outcome, kind: 'refused' };
  const unexecuted = ok && body?.errors && body.data === undefined && !code;
  if (unexecuted || divisible.test(status) || divisible.test(reason)) return { ...outcome, kind: 'split' };
  return { ...outcome, kind: passing.test(status) ? 'retry' : 'refused' };
}

function readItem(item: Loose): ItemVerdict {
  const status = item?.status as unknown as TrackStatus | undefined;
  const stored = status === 'ACCEPTED' || status === 'DUPLICATE';
  // A reason that a newer server has and this client does not know is kept, as long as it is a word.
  const reason = stored ? null : (word(item?.reason) ?? 'bad_answer');
  const retryable = (retryableReasons as readonly unknown[]).includes(reason);
  return { status, reason, retryable, retryAfterMs: clampWaitMs(item?.retryAfterMs) };
}
