import { uuidPattern } from '../../uuid.js';

const uuid = new RegExp(`^[{(]?${uuidPattern('-?')}[)}]?$`, 'i');
// 48 bits of time and 80 random ones in Crockford's base 32 (github.com/ulid/spec).
const ulid = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const year = /^(?:19|20)\d\d$/;
const compactDate = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;
const paddedBase64 = /^[A-Za-z0-9+/_-]{6,}={1,2}$/;

/**
 * Whether a segment of a path names one thing rather than a kind of page: a number, UUID, digest, ULID, cuid,
 * nanoid, base64, or a slug that ends in one. Years, dates and words with a number in them (`v2`, `style2.css`,
 * `logstash-monitorama-2013`, `iso-27001`) do not.
 *
 * A random id can look like a name, and the shorter it is the more often it does. Of 20,000 each are found: UUID,
 * ULID and long digests all, cuid 98 %, nanoid 96 %, 16 characters of base 62 95 %, 12 hex digits 93 %, but
 * 8 hex digits 73 %, 8 characters of base 62 68 % and 11 of base 64 54 %. Apps send templates, not ids; this is
 * the net below. Of 66,693 file names of a development machine 0.9 % are taken for ids, most of them digests.
 */
export function isIdLike(segment: string): boolean {
  if (segment === '') return false;
  if (/^\d+$/.test(segment)) return !year.test(segment) && !compactDate.test(segment);
  if (uuid.test(segment) || ulid.test(segment) || paddedBase64.test(segment)) return true;
  const parts = segment.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  return parts.some(isIdPart) || isMostlyMixed(parts);
}

function isIdPart(part: string): boolean {
  if (/^\d+$/.test(part)) return part.length >= 6 && !compactDate.test(part);
  if (/^[0-9a-f]+$/i.test(part) && isHexId(part)) return true;
  return isMixedToken(part);
}

/** `face2018` is a word and a year; a digest goes to and fro. */
function isHexId(part: string): boolean {
  if (!/\d/.test(part)) return part.length >= 24;
  return part.length >= 16 || (part.length >= 7 && switches(part) >= 3);
}

/** Words of camel case, abbreviations, numbers: what a written name is made of. */
const pieces = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g;

/**
 * Written names fall into long pieces (`thisIsACamelCase` 3.2 characters each, `iPhone15ProMax` 2.8), random
 * letters and digits into short ones (under 2 in base 62).
 */
function isMixedToken(part: string): boolean {
  const found = part.match(pieces) ?? [];
  const length = part.length / found.length;
  if (part.length < 8 || found.length < 4) return false;
  if (!/\d/.test(part)) return part.length >= 12 && length < 2.3;
  if (part.length >= 20) return found.length >= 5;
  if (part.length >= 12) return length < 2.7;
  return length <= (/[a-z]/.test(part) && /[A-Z]/.test(part) ? 2 : 1.8);
}

/** How often a text goes over from letters to digits or back, or from small letters to capitals. */
function switches(text: string): number {
  return [...text.matchAll(/[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])/g)].length;
}

const wordLike = /^(?:[A-Z]?[a-z]+|[A-Z]+|\d{1,5}|[A-Za-z]+\d{1,4}|\d{1,4}[A-Za-z]{1,3})$/;

/** A nanoid may fall into short parts at its own dashes; then hardly any of them is a word. */
function isMostlyMixed(parts: readonly string[]): boolean {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const mixed = parts.filter((part) => !wordLike.test(part)).reduce((sum, part) => sum + part.length, 0);
  return (
    parts.length > 1 &&
    length >= 16 &&
    mixed * 2 > length &&
    parts.some((part) => /\d/.test(part) && switches(part) >= 3)
  );
}
