const uuid = /^[{(]?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}[)}]?$/i;
// 48 bits of time and 80 random ones in Crockford's base 32 (github.com/ulid/spec).
const ulid = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const year = /^(?:19|20)\d\d$/;
const compactDate = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;
const paddedBase64 = /^[A-Za-z0-9+/_-]{6,}={1,2}$/;

/**
 * Whether a segment of a path names one thing rather than a kind of page: a number, UUID, digest, ULID, cuid,
 * nanoid, base64, or a slug that ends in one. Years, dates and words with a number in them (`v2`, `style2.css`,
 * `logstash-monitorama-2013`, `iso-27001`) do not.
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

/**
 * Random letters and digits change their kind often: ULID at 0.36 of the places, cuid 0.33, nanoid and video
 * ids 0.5 and more; product names with digits (`iPhone15ProMax`) at 0.31, camel case (`thisIsACamelCase`,
 * both directions counted) at 0.4.
 */
function isMixedToken(part: string): boolean {
  const changes = switches(part);
  const share = changes / (part.length - 1);
  if (!/\d/.test(part)) return part.length >= 16 && caseChanges(part) / (part.length - 1) >= 0.45;
  if (part.length >= 20) return changes >= 4;
  return part.length >= 8 && changes >= 4 && share >= 0.4;
}

/** How often a text goes over to another kind of character; a capital and its small letters are one kind. */
function switches(text: string): number {
  return [...text.matchAll(/[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])/g)].length;
}

function caseChanges(text: string): number {
  return [...text.matchAll(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)].length;
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
