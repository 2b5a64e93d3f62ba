import type { Result } from '../contract/index.js';

const escapeSequence =
  '\\\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u\\{[0-9A-Fa-f]+\\}|u[0-9A-Fa-f]{4}|c[A-Za-z]|[pP]\\{[^}]*\\}|.)';
const token = new RegExp(`\\[(?:[^\\]\\\\]|\\\\.)*\\]|${escapeSequence}|\\(\\?:|\\(\\?|.`, 'gsu');
const classMember = new RegExp(`${escapeSequence}|\\[`, 'gsu');

// White space of ECMA-262, sections 12.2 and 12.3, as members of a class: that of RE2 is ASCII.
const space =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const notSpace =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

/**
 * A regular expression of JavaScript (flag `u`) as RE2 writes it, where it names a regular language: literals,
 * classes, escapes, groups, alternatives and quantifiers. Lookaround, back-references and word boundaries are refused
 * in words. `source` is what stands between `^` and `$`, and is known to be a regular expression.
 */
export function re2Source(source: string): Result<string, string> {
  let depth = 0;
  let written = '';
  for (const [found] of source.matchAll(token)) {
    const problem = problemOf(found, depth);
    if (problem !== null) return { ok: false, error: problem };
    if (found.startsWith('(')) depth += 1;
    if (found === ')') depth -= 1;
    written += found.startsWith('[') ? classText(found) : textOutsideClass(found);
  }
  return { ok: true, value: written };
}

function problemOf(found: string, depth: number): string | null {
  if (found === '(?') return 'may not use lookaround, named groups or flags: use (?:…)';
  if (/^\\[1-9bBk]$/.test(found)) return 'may not use back-references or word boundaries';
  if (found === '^' || found === '$') return 'may hold ^ and $ at its two ends only';
  if (found === '|' && depth === 0) return 'must hold its alternatives in a group: ^(?:a|b)$';
  return null;
}

function textOutsideClass(found: string): string {
  if (found === '.') return '[^\\n\\r\\x{2028}\\x{2029}]';
  return found === '\\s' || found === '\\S' ? classText(`[${found}]`) : escapeText(found);
}

function classText(found: string): string {
  if (found === '[]') return '[^\\x{0}-\\x{10ffff}]';
  if (found === '[^]') return '[\\x{0}-\\x{10ffff}]';
  return `[${found.slice(1, -1).replace(classMember, memberText)}]`;
}

function memberText(found: string): string {
  if (found === '\\s') return space;
  if (found === '\\S') return notSpace;
  if (found === '\\b') return '\\x{8}';
  // In a class of JavaScript `[` stands for itself; RE2 would look for `[:alpha:]`.
  return found === '[' ? '\\[' : escapeText(found);
}

function escapeText(found: string): string {
  if (found === '\\0') return '\\x{0}';
  if (found.startsWith('\\c')) return `\\x{${(found.charCodeAt(2) % 32).toString(16)}}`;
  if (/^\\u.{4}\\u/.test(found)) return String.fromCodePoint(JSON.parse(`"${found}"`).codePointAt(0));
  if (found.startsWith('\\u')) return `\\x{${found.slice(2).replace(/[{}]/g, '')}}`;
  const property = /^(\\[pP])\{(?:Script|sc|General_Category|gc)=(.*)\}$/.exec(found);
  return property ? `${property[1]}{${property[2]}}` : found;
}
