import { isIP } from 'node:net';
import { unescapeField } from './combined-log.js';

/** What kind of thing was found; the thing itself is never shown. */
export type NeedleKind = 'address' | 'user agent';

export interface Needle {
  readonly kind: NeedleKind;
  readonly bytes: Buffer;
}

export interface Needles {
  readonly list: readonly Needle[];
  /** Distinct addresses looked for. */
  readonly addresses: number;
  /** Distinct user agents looked for. */
  readonly userAgents: number;
  /** Distinct user agents that are not looked for, because they are short enough to stand anywhere. */
  readonly tooShort: number;
}

/** Shorter user agents (`Mozilla/5.0`, `curl/7.1`) occur in files that have nothing to do with a visitor. */
export const minUserAgentLength = 20;

/** Addresses that every server writes of itself. */
const ownAddresses = new Set(['127.0.0.1', '0.0.0.0', '::1', '::']);

/** The last quoted field, closed or not: a line that is otherwise malformed gives what it has. */
const tailForm = /"((?:[^"\\]|\\.)*)"?$/;

/**
 * Collects what must not be found: every address, and every user agent in full, each as it stands in the log,
 * as the header had it (in ISO 8859-1 and as UTF-8), and as JSON writes it.
 */
export async function collectNeedles(lines: AsyncIterable<string>): Promise<Needles> {
  const addresses = new Set<string>();
  /** As the log writes them: the same user agent always the same way. */
  const userAgents = new Set<string>();
  for await (const line of lines) {
    const address = line.slice(0, Math.max(line.indexOf(' '), 0));
    if (isIP(address) !== 0 && !ownAddresses.has(address)) addresses.add(address);
    const userAgent = tailForm.exec(line)?.[1] ?? '-';
    if (userAgent !== '-' && userAgent !== '') userAgents.add(userAgent);
  }
  const long = [...userAgents].filter((userAgent) => unescapeField(userAgent).length >= minUserAgentLength);
  const list = [
    ...[...addresses].map((address): Needle => ({ kind: 'address', bytes: Buffer.from(address) })),
    ...long.flatMap(userAgentNeedles),
  ];
  return {
    list,
    addresses: addresses.size,
    userAgents: long.length,
    tooShort: userAgents.size - long.length,
  };
}

function userAgentNeedles(logged: string): Needle[] {
  const plain = unescapeField(logged);
  const texts = [logged, plain, JSON.stringify(plain).slice(1, -1)];
  const spellings = texts.flatMap((text) => [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf8')]);
  const distinct = new Map(spellings.map((bytes) => [bytes.toString('hex'), bytes]));
  return [...distinct.values()].map((bytes) => ({ kind: 'user agent', bytes }));
}
