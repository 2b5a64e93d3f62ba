import type { IncomingMessage } from 'node:http';
import type { Result } from '../contract/index.js';
import type { BodyBudget, BodyClaim, BodyPool } from './body-budget.js';
import { createBodyBytes } from './body-bytes.js';
import { headerList } from './header-list.js';

export interface BodyLimit {
  readonly maxBytes: number;
  /** What the body counts against. */
  readonly pool: BodyPool;
}

/** The text of a body. Out of room is `SERVICE_UNAVAILABLE`. */
export type BodyResult = Result<
  string,
  'REQUEST_ENTITY_TOO_LARGE' | 'BAD_USER_INPUT' | 'SERVICE_UNAVAILABLE'
>;

/** The body of one request, and the room that it takes until the request is answered. */
export interface RequestBody {
  /** Reads it; to be called once. */
  read(limit: BodyLimit): Promise<BodyResult>;
  /** Its sender is known now, so it counts against the larger budget. False where that has no room. */
  vouch(): boolean;
  /** Whether it was refused for want of room. */
  crowdedOut(): boolean;
  /** The request is answered. */
  release(): void;
}

/** The body of a request, against the budget of the process. Nothing is read before `read`. */
export function createRequestBody(request: IncomingMessage, budget: BodyBudget): RequestBody {
  let claim: BodyClaim | null = null;
  let crowdedOut = false;
  return {
    async read({ maxBytes, pool }) {
      const result = await readBody(request, maxBytes, (giveWay) => {
        claim = budget.claim(pool, giveWay);
        return claim;
      });
      crowdedOut = !result.ok && result.error === 'SERVICE_UNAVAILABLE';
      if (result.ok) claim?.arrived();
      else claim?.release();
      return result;
    },
    vouch() {
      crowdedOut = claim !== null && !claim.vouch();
      return !crowdedOut;
    },
    crowdedOut: () => crowdedOut,
    release: () => claim?.release(),
  };
}

/**
 * Reads a body of at most `maxBytes`, by its declared length before anything is read and by its real length
 * while reading. It stands before GraphQL Yoga, whose own limit wraps the stream and halves the throughput
 * (measured 2026-11: 1,650–2,300 against 3,600–4,500 requests a second).
 * Bytes that are no UTF-8 become U+FFFD; fields in which that matters refuse it.
 */
function readBody(
  request: IncomingMessage,
  maxBytes: number,
  open: (giveWay: () => void) => BodyClaim,
): Promise<BodyResult> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.resolve({ ok: false, error: 'REQUEST_ENTITY_TOO_LARGE' });
  // The caller hung up while it was found out who is calling: no event will say so any more.
  if (request.destroyed) return Promise.resolve({ ok: false, error: 'BAD_USER_INPUT' });
  return new Promise((resolve) => {
    const bytes = createBodyBytes(declared || maxBytes);
    let size = 0;
    const finish = (result: BodyResult): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      resolve(result);
    };
    const refuse = (error: 'REQUEST_ENTITY_TOO_LARGE' | 'SERVICE_UNAVAILABLE'): void => {
      request.pause();
      finish({ ok: false, error });
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) refuse('REQUEST_ENTITY_TOO_LARGE');
      else if (claim.take(bytes.growthFor(chunk.length))) bytes.add(chunk);
      else refuse('SERVICE_UNAVAILABLE');
    };
    const onEnd = (): void => finish({ ok: true, value: bytes.text() });
    const onBroken = (): void => finish({ ok: false, error: 'BAD_USER_INPUT' });
    const claim = open(() => refuse('SERVICE_UNAVAILABLE'));
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/**
 * Only JSON in UTF-8, uncompressed. Forms, plain text and `application/graphql` can be sent by any web page
 * without a preflight; compressed bodies are bombs.
 */
export function isPlainJson(request: IncomingMessage): boolean {
  const codings = headerList(request, 'content-encoding');
  if (codings.some((coding) => coding.toLowerCase() !== 'identity')) return false;
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (!['application/json', 'application/graphql-response+json'].includes(type.trim())) return false;
  return parameters.every((parameter) => {
    const [name, value] = parameter.split('=').map((part) => part.trim());
    return name !== 'charset' || ['utf-8', 'utf8', '"utf-8"'].includes(value ?? '');
  });
}

/** The parsed body, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
