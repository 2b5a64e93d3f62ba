import { limits, type TrackRule } from '../../../contract/index.js';
import { isIdLike } from '../pii/id-like.js';
import { type PiiKind, piiKind, piiRules } from '../pii/pii-values.js';
import { isCleanText } from './text.js';

export type RouteTemplate =
  | { readonly ok: true; readonly route: string }
  | {
      readonly ok: false;
      readonly reason: 'INVALID_ROUTE' | 'INVALID_TEXT' | 'PII_VALUE';
      readonly rule: Extract<TrackRule, 'path' | 'maxLength' | 'characters' | `pii.${string}`>;
    };

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
  if (!path.startsWith('/')) return { ok: false, reason: 'INVALID_ROUTE', rule: 'path' };
  if (path.length > limits.maxRouteLength) return tooLong;
  if (!isCleanText(path) || !isCleanText(decode(path))) {
    return { ok: false, reason: 'INVALID_TEXT', rule: 'characters' };
  }
  const segments = path.split('/');
  const kind = kindIn(path, segments);
  if (kind) return { ok: false, reason: 'PII_VALUE', rule: piiRules[kind] };
  const template = statusPages.includes(path) ? path : segments.map(toTemplate).join('/');
  return template.length > limits.maxRouteLength ? tooLong : { ok: true, route: template };
}

const tooLong: RouteTemplate = { ok: false, reason: 'INVALID_ROUTE', rule: 'maxLength' };

function pathOf(route: string): string {
  const withoutOrigin = route.replace(origin, '');
  const end = withoutOrigin.search(/[?#]/);
  const path = end < 0 ? withoutOrigin : withoutOrigin.slice(0, end);
  if (path === '' && route !== withoutOrigin) return '/';
  return path.replace(matrixParameters, '').replace(/\/{2,}/g, '/');
}

function kindIn(path: string, segments: readonly string[]): PiiKind | null {
  const kind = piiKind(path);
  // Digits of neighbouring segments are no number together.
  if (kind && kind !== 'phone' && kind !== 'card') return kind;
  for (const segment of segments) {
    const found = piiKind(segment);
    if (found && !(found === 'phone' && /^[1-9]\d*$/.test(segment))) return found;
  }
  return null;
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
