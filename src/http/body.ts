import type { IncomingMessage } from 'node:http';
import type { Result } from '../contract/index.js';

/** The text of a body. */
export type BodyResult = Result<string, 'REQUEST_ENTITY_TOO_LARGE' | 'BAD_USER_INPUT'>;

/**
 * Reads a body of at most `maxBytes`, by its declared length before anything is read and by its real length
 * while reading. It stands before GraphQL Yoga, whose own limit wraps the stream and halves the throughput
 * (measured 2026-11: 1,650–2,300 against 3,600–4,500 requests a second).
 * Bytes that are no UTF-8 become U+FFFD; fields in which that matters refuse it.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<BodyResult> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.resolve({ ok: false, error: 'REQUEST_ENTITY_TOO_LARGE' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: BodyResult): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        request.pause();
        finish({ ok: false, error: 'REQUEST_ENTITY_TOO_LARGE' });
      }
    };
    const onEnd = (): void => {
      const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
      finish({ ok: true, value: whole.toString('utf8') });
    };
    const onBroken = (): void => finish({ ok: false, error: 'BAD_USER_INPUT' });
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/**
 * Only JSON in UTF-8, uncompressed. Forms, plain text and `application/graphql` can be sent by any web page
 * without a preflight; compressed bodies are bombs.
 */
export function isPlainJson(request: IncomingMessage): boolean {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
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
