import { limits } from '../../contract/index.js';
import { isIdLike } from './id-like.js';
import { piiKind } from './pii-values.js';
import { isCleanText } from './text.js';

export type RouteTemplate =
  | { readonly ok: true; readonly route: string }
  | { readonly ok: false; readonly reason: 'INVALID_ROUTE' | 'INVALID_TEXT' | 'PII_VALUE' };

const origin = /^[a-z][a-z0-9+.-]{0,31}:\/\/[^/?#]*/i;
// Parameters inside a path (RFC 3986 section 3.3), such as ;jsessionid=…
const matrixParameters = /;[^/]*/g;
// Next.js, Express and Vue, OpenAPI, Flask, Remix.
const placeholder =
  /^(?:\[{1,2}(?:\.{3})?[A-Za-z_][\w-]{0,63}\]{1,2}|:[A-Za-z_]\w{0,63}|\{[A-Za-z_][\w-]{0,63}\}|<(?:\w{1,16}:)?[A-Za-z_]\w{0,63}>|\$[A-Za-z_]\w{0,63})$/;
// The two pages that frameworks name after their status.
const statusPages = ['/404', '/500'];

/**
 * The template of a path, at most 256 characters before and after: query, hash, origin and path parameters cut
 * off, slashes in a row made one, segments that are ids replaced by `[id]`, placeholders (`[journeyId]`, `:id`,
 * `{id}`) kept. What looks like an e-mail address, phone or card number, token or IP address in the path
 * refuses the route, per cent encoded or not; in the query it goes with the query. A segment of digits alone
 * becomes `[id]` even where it could be a phone number: nothing of it is left.
 */
export function toRouteTemplate(route: string): RouteTemplate {
  const path = pathOf(route);
  if (!path.startsWith('/') || path.length > limits.maxRouteLength)
    return { ok: false, reason: 'INVALID_ROUTE' };
  if (!isCleanText(path) || !isCleanText(decode(path))) return { ok: false, reason: 'INVALID_TEXT' };
  const segments = path.split('/');
  if (holdsPii(path, segments)) return { ok: false, reason: 'PII_VALUE' };
  const template = statusPages.includes(path) ? path : segments.map(toTemplate).join('/');
  if (template.length > limits.maxRouteLength) return { ok: false, reason: 'INVALID_ROUTE' };
  return { ok: true, route: template };
}

function pathOf(route: string): string {
  const withoutOrigin = route.replace(origin, '');
  const end = withoutOrigin.search(/[?#]/);
  const path = end < 0 ? withoutOrigin : withoutOrigin.slice(0, end);
  if (path === '' && route !== withoutOrigin) return '/';
  return path.replace(matrixParameters, '').replace(/\/{2,}/g, '/');
}

function holdsPii(path: string, segments: readonly string[]): boolean {
  const kind = piiKind(path);
  // Digits of neighbouring segments are no number together.
  if (kind && kind !== 'phone' && kind !== 'card') return true;
  return segments.some((segment) => {
    const found = piiKind(segment);
    return found !== null && !(found === 'phone' && /^[1-9]\d*$/.test(segment));
  });
}

function toTemplate(segment: string): string {
  return !placeholder.test(segment) && isIdLike(decode(segment)) ? '[id]' : segment;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
