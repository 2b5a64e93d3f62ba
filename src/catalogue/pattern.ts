import { RE2JS } from 're2js';
import type { Result } from '../contract/index.js';
import { re2Source } from './re2-source.js';

/** A compiled pattern. `test` takes time in proportion to the text, whatever the pattern and the text. */
export interface Pattern {
  test(text: string): boolean;
  /** As Ajv wants it: different for different patterns. */
  toString(): string;
}

/**
 * Compiles a pattern for RE2, which never backtracks: a backtracking engine can be made to hang by one text where
 * the pattern is ambiguous, and whether it is cannot be seen by looking. JavaScript (flag `u`) judges the syntax, and
 * what RE2 reads otherwise is translated, so that both give the same answer. What cannot be compiled is refused in
 * words.
 */
export function compilePattern(source: string): Result<Pattern, string> {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    return { ok: false, error: `is no regular expression: ${messageOf(error)}` };
  }
  const closed = /(?:^|[^\\])(?:\\\\)*\$$/s.test(source);
  if (!source.startsWith('^') || !closed) return { ok: false, error: 'must start with ^ and end with $' };
  const translated = re2Source(source.slice(1, -1));
  if (!translated.ok) return translated;
  try {
    const compiled = RE2JS.compile(translated.value);
    const pattern: Pattern = { test: (text) => compiled.testExact(text), toString: () => `/${source}/u` };
    return { ok: true, value: pattern };
  } catch (error) {
    return { ok: false, error: `is not a pattern of RE2: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
