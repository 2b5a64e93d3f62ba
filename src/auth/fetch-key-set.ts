import type { Result } from '../contract/index.js';
import { type LoadedKeys, maxKeySetBytes, parseKeySet } from './key-set.js';
import type { KeyError } from './key-source.js';

/** As much of `fetch` as is needed. */
export type KeyFetch = (
  url: string,
  init: { method: 'GET'; redirect: 'manual'; headers: Record<string, string>; signal: AbortSignal },
) => Promise<Response>;

/**
 * One GET of a key set: no redirect followed, at most 512 KiB read, over within `timeoutMs` even when the
 * endpoint answers one byte a second. Never rejects.
 */
export async function fetchKeySet(options: {
  readonly url: string;
  readonly fetch: KeyFetch;
  readonly timeoutMs: number;
}): Promise<Result<LoadedKeys, KeyError>> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    return await Promise.race([download(options.url, options.fetch, signal), aborted(signal)]);
  } catch {
    return { ok: false, error: signal.aborted ? 'timeout' : 'network' };
  }
}

/** Rejects on time also when the fetch in use does not listen to the signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function download(
  url: string,
  fetch: KeyFetch,
  signal: AbortSignal,
): Promise<Result<LoadedKeys, KeyError>> {
  const headers = { accept: 'application/jwk-set+json, application/json' };
  const response = await fetch(url, { method: 'GET', redirect: 'manual', headers, signal });
  const refused = statusError(response);
  if (refused) {
    await response.body?.cancel();
    return { ok: false, error: refused };
  }
  const text = await readCapped(response);
  return text === null ? { ok: false, error: 'too_large' } : parseKeySet(text);
}

function statusError(response: Response): KeyError | null {
  if (response.status === 200) return null;
  const redirected = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  return redirected ? 'redirect' : 'http_status';
}

async function readCapped(response: Response): Promise<string | null> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const next = await reader?.read();
    if (next === undefined || next.done) return Buffer.concat(chunks).toString('utf8');
    bytes += next.value.byteLength;
    if (bytes > maxKeySetBytes) {
      await reader?.cancel();
      return null;
    }
    chunks.push(next.value);
  }
}
