import { attempt } from './attempt.js';
import { clampWaitMs } from './backoff.js';
import type { Place } from './ledger.js';
import type { Outcome, Reader } from './transport.js';

/** What is to become of one event of a batch. */
export interface Verdict {
  /** It is, now or since before. */
  readonly stored?: 'accepted' | 'duplicates' | false;
  /**
   * Why it is not. In capitals the far end's word (`trackReasons`, `errorCodes`, a gateway's own codes), in small
   * letters ours.
   */
  readonly reason: string;
  /**
   * How many of its chances to be sent that cost the event. 1: it can end otherwise later. 0: the batch is too
   * large, or one event is such that the whole was refused; smaller batches tell which. Infinity: this is final.
   */
  readonly cost: number;
  /** Milliseconds until it may be sent again; 0 or less: as the sender likes. */
  readonly waitMs: number;
  readonly place?: Place;
}

/** `retryableReasons` of the contract; a browser's bundle has no room for the table. */
const passing = /^(RATE_LIM|OVERLOAD)/;

/** Whatever JSON came: each step may be missing. */
type Loose = { readonly [name: string]: Loose | undefined } | null | undefined;

/** A text of the wire, where it has the form that it should have. */
const word = (value: unknown, form = /^[A-Z_]{1,40}$/) =>
  typeof value === 'string' && form.test(value) ? value : undefined;

/** Refusals that no other batch of this client would escape. */
const final = /^(UNAUTH|FORBID|GRAPHQL_|PERSISTED_)/;
/** Refusals that one event may have brought upon the others. */
const divisible = /_4(00|13|22)|BAD_USER_INPUT|_TOO_LARGE/;
/**
 * What does not pass: redirects and 4xx, except 408, 425 and 429 (RFC 9110, RFC 8470, RFC 6585). What can: those,
 * 5xx; 2xx without verdicts, where a portal or proxy answered in the server's place; 0, a redirect as a browser
 * shows it; no answer at all. The ids make sending again harmless.
 */
const lasting = /_(3|4(?!08|25|29))/;

/**
 * How to read an answer to `expected` events, from `POST /v1/events` or from the mutation `trackEvents`, a gateway
 * between or not: one verdict for each event, in their order. A GraphQL answer without `data` is a request that
 * was not executed at all (GraphQL specification, section 7.1), so an event in it is to blame unless a code says
 * more. Never throws, whatever the text.
 */
export function batchReader(expected: number): Reader<readonly Verdict[]> {
  return (outcome, text, waitMs) => {
    const read = (body: Loose) => readBody(body, outcome, waitMs, expected);
    // What is so odd that reading it throws is as good as nothing.
    return attempt(() => read(JSON.parse(text))) ?? read(null);
  };
}

function readBody(body: Loose, outcome: Outcome, waitMs: number, expected: number): readonly Verdict[] {
  const ok = /_2/.test(outcome);
  const results = (body?.data?.trackEvents ?? body)?.results as unknown as readonly Loose[] | undefined;
  if (ok && results?.length === expected && results.map) return results.map(readItem);
  const error = body?.errors?.[0]?.extensions ?? body?.error;
  const code = word(error?.code);
  const reason = code ?? (ok ? 'bad_answer' : outcome);
  const unexecuted = ok && body?.errors && body.data === undefined && !code;
  const isDivisible = unexecuted || divisible.test(outcome + reason);
  const isFinal = final.test(reason) || (isDivisible ? expected < 2 : lasting.test(outcome));
  const cost = isFinal ? Infinity : isDivisible ? 0 : 1;
  return Array(expected).fill({ reason, cost, waitMs: waitMs || clampWaitMs(error?.retryAfterMs) });
}

function readItem(item: Loose): Verdict {
  const status: unknown = item?.status;
  const stored = status === 'ACCEPTED' ? 'accepted' : status === 'DUPLICATE' && 'duplicates';
  // A reason that a newer server has and this client does not know is kept, as long as it is a word.
  const reason = word(item?.reason) ?? 'bad_answer';
  const cost = !stored && passing.test(reason) ? 1 : Infinity;
  return {
    stored,
    reason,
    cost,
    waitMs: clampWaitMs(item?.retryAfterMs),
    place: { field: word(item?.field, /^\/.{0,199}$/s), rule: word(item?.rule, /^[A-Za-z.]{1,40}$/) },
  };
}
