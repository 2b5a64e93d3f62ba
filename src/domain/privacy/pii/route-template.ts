import { type Failure, limits, type Result, type TrackRule } from '../../../contract/index.js';
import { isIdLike } from '../shape/id-like.js';
import { isCleanText, isLongerThan } from '../shape/text.js';
import { type PiiKind, piiKind, piiRules } from './pii-values.js';

export interface RouteRefusal {
  readonly reason: 'INVALID_ROUTE' | 'INVALID_TEXT' | 'PII_VALUE';
  readonly rule: Extract<TrackRule, 'path' | 'maxLength' | 'characters' | `pii.${string}`>;
}

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
export function toRouteTemplate(route: string): Result<string, RouteRefusal> {
  const path = pathOf(route);
  if (!path.startsWith('/')) return refuse('INVALID_ROUTE', 'path');
  if (isLongerThan(path, limits.maxRouteLength)) return refuse('INVALID_ROUTE', 'maxLength');
  if (!isCleanText(path) || !isCleanText(decode(path))) return refuse('INVALID_TEXT', 'characters');
  const segments = path.split('/');
  const kind = kindIn(path, segments);
  if (kind) return refuse('PII_VALUE', piiRules[kind]);
  const template = statusPages.includes(path) ? path : segments.map(toTemplate).join('/');
  if (template.length > limits.maxRouteLength) return refuse('INVALID_ROUTE', 'maxLength');
  return { ok: true, value: template };
}

function refuse(reason: RouteRefusal['reason'], rule: RouteRefusal['rule']): Failure<RouteRefusal> {
  return { ok: false, error: { reason, rule } };
}

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
