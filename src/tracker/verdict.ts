import { errorCodes, type TrackStatus, trackReasons, trackStatuses } from '../contract/index.js';
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
 * `errorCodes`), those in small letters are ours; the set is closed but for `http_<status>`.
 */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly items: readonly ItemVerdict[];
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'too-large'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether the same request can succeed later: 408, 425, 429 and 5xx (RFC 9110, RFC 8470, RFC 6585). */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599);
}

/** Reads an answer to `POST /v1/events` with `expected` events. Never throws, whatever the text. */
export function readBatchAnswer(exchange: Exchange, expected: number): Outcome {
  if (exchange.kind === 'failure') return { kind: 'retry', reason: exchange.reason, retryAfterMs: null };
  const { status, retryAfterMs } = exchange;
  const body = parseJson(exchange.text);
  if (status >= 200 && status <= 299) {
    const items = readItems(body, expected);
    // A portal or proxy answered in the server's place. The ids make sending it again harmless.
    return items === null
      ? { kind: 'retry', reason: 'bad_answer', retryAfterMs }
      : { kind: 'answered', items, retryAfterMs };
  }
  const reason = readErrorCode(body) ?? `http_${status}`;
  if (status === 413) return { kind: 'too-large', reason };
  return isRetryableStatus(status) ? { kind: 'retry', reason, retryAfterMs } : { kind: 'refused', reason };
}

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
  if (status === undefined) return { status: 'DROPPED', ...stored, reason: 'bad_answer' };
  const reason = field(item, 'reason');
  // A reason that a newer server has and this table has not is kept, as long as it is a word of that kind.
  const known = typeof reason === 'string' && /^[A-Z][A-Z_]{0,39}$/.test(reason) ? reason : 'bad_answer';
  return {
    status,
    reason: known,
    retryable:
      Object.hasOwn(trackReasons, known) && trackReasons[known as keyof typeof trackReasons].retryable,
    retryAfterMs: clampWaitMs(field(item, 'retryAfterMs')),
  };
}

function readErrorCode(body: unknown): string | null {
  const code = field(field(body, 'error'), 'code');
  return typeof code === 'string' && Object.hasOwn(errorCodes, code) ? code : null;
}
