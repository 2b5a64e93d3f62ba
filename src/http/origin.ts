import type { IncomingMessage } from 'node:http';
import type { GatewayFacts } from '../auth/gateway-signature.js';
import type { Origin } from '../domain/event.js';
import type { AddressSource } from './address-source.js';
import { headerList, headerText } from './header-list.js';

export interface OriginOptions {
  readonly source: AddressSource;
  /** Which entry of `x-forwarded-for` is the caller, counted from the right. */
  readonly trustedHops: number;
  readonly canonicalIp: (text: string) => string | null;
  readonly addressFromForwardedFor: (header: string | null, hops: number) => string | null;
  /** Whether a user agent is a gateway's own, which means that the caller's was not passed on. */
  readonly isGatewayUserAgent: (userAgent: string) => boolean;
}

/** Where a request came from; `signed` is what a verified gateway signature vouches for. */
export type OriginReader = (request: IncomingMessage, signed: GatewayFacts | null) => Origin;

const optOutHeaders = ['sec-gpc', 'dnt'];

/** A user agent longer than any real one is cut before anything looks at it. */
const maxUserAgent = 512;

/**
 * The only reader of the headers that say where a request came from. A source that was not chosen is never
 * looked at: without a trusted proxy, `x-forwarded-for` is whatever the client invented.
 */
export function createOriginReader(options: OriginOptions): OriginReader {
  const addressOf = (request: IncomingMessage, signed: GatewayFacts | null): string | null => {
    if (options.source === 'signed') return signed?.ip ? options.canonicalIp(signed.ip) : null;
    if (options.source === 'socket') return options.canonicalIp(request.socket.remoteAddress ?? '');
    return options.addressFromForwardedFor(headerText(request, 'x-forwarded-for'), options.trustedHops);
  };
  return (request, signed) => {
    const userAgent = signed ? (signed.userAgent ?? null) : headerText(request, 'user-agent');
    const usable = userAgent?.trim().slice(0, maxUserAgent) || null;
    return {
      ip: addressOf(request, signed),
      userAgent: usable && !options.isGatewayUserAgent(usable) ? usable : null,
      optedOut: signed?.optedOut === true || optOutHeaders.some((name) => saysOne(request, name)),
    };
  };
}

/** One `1` is enough, however often the header stands there and whatever else it says. */
function saysOne(request: IncomingMessage, name: string): boolean {
  return headerList(request, name).includes('1');
}
