import ipaddr from 'ipaddr.js';
import type { TrackRule } from '../../../contract/index.js';
import { uuidPattern } from '../../uuid.js';
import { unmask } from '../shape/text.js';
import { hasCardNumber } from './card.js';
import { hasPhoneNumber } from './phone.js';
import { isPiiKey } from './pii-keys.js';

/** What a text was taken for. */
export type PiiKind = 'email' | 'phone' | 'card' | 'jwt' | 'ip' | 'url-credentials' | 'secret';

/** The rule of the contract that a text of each kind breaks. */
export const piiRules = {
  email: 'pii.email',
  phone: 'pii.phone',
  card: 'pii.card',
  jwt: 'pii.jwt',
  ip: 'pii.ip',
  'url-credentials': 'pii.urlCredentials',
  secret: 'pii.secret',
} as const satisfies Record<PiiKind, TrackRule>;

/**
 * What kind of personal data or secret stands in the text, or null. Costumes are taken off first (full width,
 * zero-width characters, look-alikes, per cent encoding). UUIDs, dates, decimal numbers, versions and hex
 * digests are none. It errs on the side of finding: `10.1.2.3` is an address even where a version was meant.
 * Time is linear in the length of the text.
 */
export function piiKind(text: string): PiiKind | null {
  if (harmless.test(text)) return null;
  let variant = unmask(text);
  for (let round = 0; round <= maxDecodings; round++) {
    const kind = kindOf(variant);
    if (kind) return kind;
    const decoded = decode(variant);
    if (decoded === variant) return null;
    variant = decoded;
  }
  return null;
}

// A short word or number: most property values are no more, and nothing below can be as little.
const harmless = /^(?:[A-Za-z_-]{0,14}|(?!A[KS]IA|AIza)[A-Za-z]{0,32})\d{0,6}$/;
// A URL in a URL in a URL.
const maxDecodings = 3;

const detectors: readonly (readonly [kind: PiiKind, find: (text: string, numbers: string) => boolean])[] = [
  ['url-credentials', hasUrlCredentials],
  ['jwt', hasJwt],
  ['secret', hasSecret],
  ['email', hasEmail],
  ['ip', hasIpAddress],
  // A number in the international format may pass the check digit of a card by chance; a card has no plus sign.
  ['phone', (_, numbers) => hasPhoneNumber(numbers)],
  ['card', (_, numbers) => hasCardNumber(numbers)],
];

/** What every kind but the last two has somewhere: a sign, a word or a prefix. Most texts have nothing of it. */
const telling =
  /[@:=]|eyJ|\d\.\d|bearer|basic|-----BEGIN|A[KS]IA|gh[pousr]_|github_pat|glpat-|npm_|xox|AIza|k_(?:live|test)|sk-|[[({]at[\])}]/i;
const fewDigits = /^\D*(?:\d\D*){0,4}$/;

function kindOf(text: string): PiiKind | null {
  if (!telling.test(text) && fewDigits.test(text)) return null;
  const numbers = withoutOtherNumbers(text);
  return detectors.find(([, find]) => find(text, numbers))?.[0] ?? null;
}

const uuid = new RegExp(uuidPattern('-'), 'gi');
// Hex digests and ids of 24 digits or more (MongoDB, SHA-1 …); a run of decimal digits alone stays.
const digest = /(?<![0-9a-z])(?=\d{0,64}[a-f])[0-9a-f]{24,128}(?![0-9a-z])/gi;
const isoDate =
  /(?<![\d+][ .\-/()]{0,2})\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[+-]\d\d:?\d\d|Z)?)?(?!\d)/g;
const otherDate =
  /(?<![\d+][ .\-/()]{0,2})(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./]\d{1,2}[./]\d{1,2})(?!\d)/g;
const decimal = /(?<![\w.+])\d{1,20}\.\d{1,40}(?:e[+-]?\d{1,3})?(?!\w|\.\d)/gi;
const otherNumbers = [uuid, digest, isoDate, otherDate, decimal];

/** Without the runs of digits that are neither phone nor card; each leaves a mark, so that its neighbours stay apart. */
function withoutOtherNumbers(text: string): string {
  if (!/\d/.test(text)) return '';
  return otherNumbers.reduce((rest, pattern) => rest.replace(pattern, '|'), text);
}

const percentRuns = /(?:%[0-9a-f]{2})+/gi;
const entities = /&(?:commat|#0{0,4}64|#x0{0,4}40);/gi;

/** Per cent encoding and the entities of @ taken back, as far as they hold together. */
function decode(text: string): string {
  if (!text.includes('%') && !text.includes('&')) return text;
  const decoded = text.replace(percentRuns, decodeRun).replace(entities, '@');
  return unmask(decoded);
}

function decodeRun(run: string): string {
  const only = run.length === 3 ? Number.parseInt(run.slice(1), 16) : 0x80;
  if (only < 0x80) return String.fromCharCode(only);
  try {
    return decodeURIComponent(run);
  } catch {
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1');
  }
}

// RFC 3986 section 3.2.1: whatever stands between // and @ is a name or a password.
const userInfo = /:\/\/[^\s/?#@]{1,256}@/;
const parameter = /[?&#;]([^=&#;?\s]{1,64})=([^&#;\s]{1,8})/g;
// Names that say little in a property and much in a URL.
const credentialParameters: ReadonlySet<string> = new Set([
  'key',
  'sig',
  'signature',
  'auth',
  'ticket',
  'pass',
  'session',
  'x-amz-signature',
  'x-goog-signature',
]);

function hasUrlCredentials(text: string): boolean {
  if (!text.includes('=') && !text.includes('@')) return false;
  if (userInfo.test(text)) return true;
  for (const [, name = '', value = ''] of text.matchAll(parameter)) {
    if (isPiiKey(name) || credentialParameters.has(name.toLowerCase())) return true;
    // An OAuth code; a status or language code is shorter.
    if (name === 'code' && value.length === 8) return true;
  }
  return false;
}

const base64UrlRuns = /[\w-]+/g;

/** RFC 7519: the header of a JWT is a JSON object, so its base64url begins with eyJ; a dot and the payload follow. */
function hasJwt(text: string): boolean {
  if (!text.includes('eyJ')) return false;
  for (const { 0: run, index } of text.matchAll(base64UrlRuns)) {
    const start = run.indexOf('eyJ');
    if (start < 0 || run.length - start < 10) continue;
    const end = index + run.length;
    if (text[end] === '.' && /[\w-]/.test(text[end + 1] ?? '')) return true;
  }
  return false;
}

const secrets: readonly RegExp[] = [
  // RFC 6750. A sentence about bearer tokens is none.
  /\bbearer[ \t:]{1,3}(?!(?:tokens?|auth|authentication|authorization|schemes?|of|the|is|was|not|and|or|header|missing|required|expired|invalid)\b)[\w.~+/=-]{3}/i,
  // Assignments: password=…, api_key=…
  /(?<![a-z])(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token|token)=[^\s&]{3}/i,
  // Keys whose issuers mark them: private keys in PEM, AWS, GitHub, GitLab, npm, Slack, Google, Stripe, OpenAI.
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
  /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20}|github_pat_\w{20}|glpat-[\w-]{16}|npm_[A-Za-z0-9]{20}|xox[abeoprs]-[\w-]{10}|AIza[\w-]{30}|[prs]k_(?:live|test)_\w{10}|sk-[\w-]{20})/,
];
const basicCredentials = /\bbasic[ \t]{1,3}([A-Za-z0-9+/]{6,512}={0,2})/gi;

function hasSecret(text: string): boolean {
  if (secrets.some((pattern) => pattern.test(text))) return true;
  // RFC 7617: base64 of user:password. The decoding tells it from "basic information".
  for (const [, encoded = ''] of text.matchAll(basicCredentials)) {
    if (/^[\x20-\x7e]+:[\x20-\x7e]*$/.test(Buffer.from(encoded, 'base64').toString('latin1'))) return true;
  }
  return false;
}

const localPartEnd = /[\p{L}\p{N}._%+'"~!#$&*/=?^`{|}-]/u;
const domain = /[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/uy;
// name@2x.png is a picture for a fine screen, name@1.2.3-rc.a and name@18.x a version of a package.
const noMailDomain =
  /^(?:\d(?:\.\d)?x\.(?:png|jpe?g|gif|webp|avif|svg)|v?\d+(?:\.\d+)?\.x|v?\d+\.\d+\.\d+-(?:alpha|beta|rc|next|canary|dev|pre)\b.*)$/i;
const topLevelDomain = /\.(?:\p{L}+|xn--[a-z0-9-]+)$/iu;
const spelledAt = / {0,2}[[({](?:at|@)[\])}] {0,2}/gi;

/** RFC 5321 in shape only: something, @, a domain of two labels or more whose last is of letters. */
function hasEmail(text: string): boolean {
  const plain = text.replace(spelledAt, '@');
  for (let at = plain.indexOf('@'); at >= 0; at = plain.indexOf('@', at + 1)) {
    if (!localPartEnd.test(plain.charAt(at - 1))) continue;
    domain.lastIndex = at + 1;
    const found = domain.exec(plain)?.[0].replace(/[.-]+$/, '');
    if (found && !noMailDomain.test(found) && topLevelDomain.test(found)) return true;
  }
  return false;
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`(?<![\\w.-])${octet}(?:\\.${octet}){3}(?![\\w-]|\\.\\d)`);
const colonRuns = /(?<![\w.:])[0-9a-f:.]{3,46}(?![\w.:])/gi;

function hasIpAddress(text: string): boolean {
  if (ipv4.test(text)) return true;
  if (text.indexOf(':') === text.lastIndexOf(':')) return false;
  for (const [run] of text.matchAll(colonRuns)) {
    // Without a digit it is rather a name in a program (`dead::beef`) than an address.
    if (!/\d/.test(run)) continue;
    const address = run.replace(/(?<!:):$|\.$/, '');
    if (mayBeIpv6(address) && ipaddr.IPv6.isValid(address)) return true;
  }
  return false;
}

const groupOfIpv6 = /^[0-9a-f]{0,4}$/i;

/** Eight groups, or fewer and one double colon. The library takes twenty times as long to say no. */
function mayBeIpv6(text: string): boolean {
  const groups = text.split(':');
  const last = groups.pop() ?? '';
  const count = groups.length + (last.includes('.') ? 2 : 1);
  const shortened = text.indexOf('::');
  const fits = shortened < 0 ? count === 8 : count <= 9 && text.indexOf('::', shortened + 1) < 0;
  return fits && groups.every((group) => groupOfIpv6.test(group));
}
