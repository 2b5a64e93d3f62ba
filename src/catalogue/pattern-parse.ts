import type { Result } from '../contract/index.js';

/** What a pattern is made of. An atom takes exactly one code point. */
export type PatternNode =
  | { readonly kind: 'atom'; readonly matches: (codePoint: number) => boolean }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number };

interface Cursor {
  readonly source: string;
  at: number;
  problem: string;
}

const characterClass = /\[(?:[^\]\\]|\\.)*\]/suy;
// An escaped pair of surrogates is one code point under the `u` flag.
const escapeSequence =
  /\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[^1-9bBk])/suy;
const quantifier = /(?:([*+?])|\{(\d+)(,)?(\d*)\})\??/y;

/**
 * Reads a JavaScript regular expression (flag `u`) of the kind that names a regular language: literals,
 * classes, escapes, groups, alternatives and quantifiers, between `^` and `$`. Lookaround, back-references and
 * word boundaries are refused in words. Classes and escapes keep JavaScript's own meaning, as each of them is
 * compiled by itself to a native expression for a single code point.
 */
export function parsePattern(source: string): Result<PatternNode, string> {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    return { ok: false, error: `is no regular expression: ${error instanceof Error ? error.message : ''}` };
  }
  const closed = /(?:^|[^\\])(?:\\\\)*\$$/s.test(source);
  if (!source.startsWith('^') || !closed) return { ok: false, error: 'must start with ^ and end with $' };
  const cursor: Cursor = { source: source.slice(1, -1), at: 0, problem: '' };
  const node = parseSequence(cursor);
  if (cursor.problem === '' && cursor.source[cursor.at] === '|') {
    cursor.problem = 'must hold its alternatives in a group: ^(?:a|b)$';
  }
  return cursor.problem === '' ? { ok: true, value: node } : { ok: false, error: cursor.problem };
}

function parseChoice(cursor: Cursor): PatternNode {
  const options = [parseSequence(cursor)];
  while (cursor.source[cursor.at] === '|') {
    cursor.at += 1;
    options.push(parseSequence(cursor));
  }
  return { kind: 'choice', options };
}

function parseSequence(cursor: Cursor): PatternNode {
  const items: PatternNode[] = [];
  while (cursor.problem === '' && cursor.at < cursor.source.length) {
    const next = cursor.source[cursor.at];
    if (next === '|' || next === ')') break;
    items.push(parseRepeat(cursor, next === '(' ? parseGroup(cursor) : parseAtom(cursor)));
  }
  return { kind: 'sequence', items };
}

function parseGroup(cursor: Cursor): PatternNode {
  if (cursor.source.startsWith('(?', cursor.at) && cursor.source[cursor.at + 2] !== ':') {
    cursor.problem = 'may not use lookaround, named groups or flags: use (?:…)';
  }
  cursor.at += cursor.source.startsWith('(?:', cursor.at) ? 3 : 1;
  const node = parseChoice(cursor);
  cursor.at += 1;
  return node;
}

function parseAtom(cursor: Cursor): PatternNode {
  const { source, at } = cursor;
  const literal = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const text = takeMatch(cursor, characterClass) ?? takeMatch(cursor, escapeSequence) ?? literal;
  if (cursor.at === at) {
    cursor.at += literal.length;
    if (literal === '\\') cursor.problem = 'may not use back-references or word boundaries';
    if (literal === '^' || literal === '$') cursor.problem = 'may hold ^ and $ at its two ends only';
  }
  return { kind: 'atom', matches: cursor.problem === '' ? codePointTest(text) : () => false };
}

function parseRepeat(cursor: Cursor, item: PatternNode): PatternNode {
  quantifier.lastIndex = cursor.at;
  const found = quantifier.exec(cursor.source);
  if (found === null) return item;
  cursor.at = quantifier.lastIndex;
  const [, sign, least = '0', comma, most] = found;
  if (sign !== undefined) {
    return {
      kind: 'repeat',
      item,
      min: sign === '+' ? 1 : 0,
      max: sign === '?' ? 1 : Number.POSITIVE_INFINITY,
    };
  }
  const min = Number(least);
  const open = comma !== undefined && !most;
  return { kind: 'repeat', item, min, max: open ? Number.POSITIVE_INFINITY : Number(most || min) };
}

function takeMatch(cursor: Cursor, expression: RegExp): string | undefined {
  expression.lastIndex = cursor.at;
  const found = expression.exec(cursor.source)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

/** ASCII is answered from a table; everything else by the native expression, on one code point: constant time. */
function codePointTest(source: string): (codePoint: number) => boolean {
  const native = new RegExp(`^${source}$`, 'u');
  const matches = (codePoint: number) => native.test(String.fromCodePoint(codePoint));
  const ascii = Array.from({ length: 128 }, (_, codePoint) => matches(codePoint));
  return (codePoint) => ascii[codePoint] ?? matches(codePoint);
}
