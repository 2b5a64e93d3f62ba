/**
 * Where the caller's address is taken from: what a gateway's signature vouches for, `x-forwarded-for` behind trusted
 * proxies, or the connection itself. A source that was not chosen is never looked at.
 */
export const clientIpSources = ['signed', 'xff', 'socket'] as const;
export type ClientIpSource = (typeof clientIpSources)[number];
