import type { IncomingMessage } from 'node:http';
import type { Result } from '../contract/index.js';

/** The text of a body. */
export type BodyResult = Result<string, 'REQUEST_ENTITY_TOO_LARGE' | 'bodyCutOff'>;

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
    const onBroken = (): void => finish({ ok: false, error: 'bodyCutOff' });
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}
