import type { RefusalCause, Result } from '../contract/index.js';

/**
 * The value of a JSON body. It may begin with a byte order mark, which a receiver may ignore (RFC 8259 section 8.1),
 * and which some platforms write.
 */
export function parseJson(text: string): Result<unknown, Extract<RefusalCause, 'bodyEmpty' | 'bodyNotJson'>> {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch {
    return { ok: false, error: json.trim() === '' ? 'bodyEmpty' : 'bodyNotJson' };
  }
}
