import { retryableReasons, type TrackStatus, trackStatuses } from '../../contract/index.js';
import { clampWaitMs } from './backoff.js';
import type { Exchange } from './transport.js';

/** What the far end said of one event. */
export interface ItemVerdict {
  readonly status: TrackStatus;
  /** The far end's word, or `bad_answer`; null for what was stored. */
  readonly reason: string | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
}

/**
 * What a request means for its batch. Reasons in capitals are the far end's words (`trackReasons`,
 * `errorCodes`, a gateway's own codes), those in small letters are ours.
 */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly items: readonly ItemVerdict[];
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs: number | null }
  /** Too large, or one of its events is such that the whole was refused: smaller batches tell which. */
  | { readonly kind: 'split'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether the same request can succeed later: 408, 425, 429 and 5xx (RFC 9110, RFC 8470, RFC 6585). */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599);
}

/** Refusals that no other batch of this client would escape. */
const finalCode = /^(UNAUTHENTICATED$|FORBIDDEN$|GRAPHQL_|PERSISTED_)/;
/** Refusals that one event may have brought upon the others. */
const splitCode = /^BAD_USER_INPUT$|_TOO_LARGE$/;
const word = /^[A-Z][A-Z_]{0,39}$/;

/**
 * Reads an answer to `expected` events, from `POST /v1/events` or from the mutation `trackEvents`, a gateway
 * between or not. A GraphQL answer without `data` is a request that was not executed at all (GraphQL
 * specification, section 7.1), so an event in it is to blame unless a code says more. Never throws, whatever
 * the text.
 */
export function readBatchAnswer(exchange: Exchange, expected: number): Outcome {
  if (exchange.kind === 'failure') return { kind: 'retry', reason: exchange.reason, retryAfterMs: null };
  const { status } = exchange;
  const body = parseJson(exchange.text);
  const ok = status >= 200 && status <= 299;
  const data = field(body, 'data');
  const items = ok ? readItems(field(data, 'trackEvents') ?? body, expected) : null;
  if (items !== null) return { kind: 'answered', items, retryAfterMs: exchange.retryAfterMs };

  const errors = field(body, 'errors');
  const extensions = field(field(errors, '0'), 'extensions');
  const code = field(extensions, 'code') ?? field(field(body, 'error'), 'code');
  const known = typeof code === 'string' && word.test(code);
  const reason = known ? code : ok ? 'bad_answer' : `http_${status}`;
  const retryAfterMs = exchange.retryAfterMs ?? clampWaitMs(field(extensions, 'retryAfterMs'));

  if (known && finalCode.test(code)) return { kind: 'refused', reason };
  const notExecuted = ok && errors !== undefined && data === undefined && !known;
  if (notExecuted || splitStatuses.includes(status) || (known && splitCode.test(code))) {
    return { kind: 'split', reason };
  }
  // 2xx without verdicts: a portal or proxy answered in the server's place. The ids make sending again harmless.
  // 0: a redirect, as a browser shows it.
  return ok || status === 0 || isRetryableStatus(status)
    ? { kind: 'retry', reason, retryAfterMs }
    : { kind: 'refused', reason };
}

const splitStatuses: readonly number[] = [400, 413, 422];

/** The verdicts of a batch result (the REST body, the payload of `trackEvents`); null where it is not one. */
export function readItems(body: unknown, expected: number): readonly ItemVerdict[] | null {
  const results = field(body, 'results');
  return Array.isArray(results) && results.length === expected ? results.map(readItem) : null;
}

/** A property of anything; undefined where there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** JSON, or undefined where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const stored = { reason: null, retryable: false, retryAfterMs: null } as const;

function readItem(item: unknown): ItemVerdict {
  const status = trackStatuses.find((known) => known === field(item, 'status'));
  if (status === 'ACCEPTED' || status === 'DUPLICATE') return { status, ...stored };
  const reason = field(item, 'reason');
  // A reason that a newer server has and this client does not know is kept, as long as it is a word.
  if (status === undefined || typeof reason !== 'string' || !word.test(reason)) {
    return { status: 'DROPPED', ...stored, reason: 'bad_answer' };
  }
  const retryable = (retryableReasons as readonly string[]).includes(reason);
  return { status, reason, retryable, retryAfterMs: clampWaitMs(field(item, 'retryAfterMs')) };
}
