import type { FailureKind } from '../commit/failure-kind.js';

/**
 * SQLSTATE classes and codes (PostgreSQL manual, appendix A) that say something certain. What is not listed,
 * broken sockets included, is `transient`: the statement is idempotent, so one more try can do no harm.
 */
const kinds: Readonly<Record<string, FailureKind>> = {
  '22': 'row', // data exception: NUL, half a surrogate pair, out of range
  '23': 'row', // a constraint refuses it
  '54': 'row', // program limit exceeded: a value too long for its index
  '42': 'final', // no such table or column, no permission: the schema is not ours (yet)
  '28': 'final', // not let in
  '3D': 'final', // no such database
  '53100': 'final', // disk full
  '25006': 'final', // read-only: a fail-over is going on
  '57014': 'final', // statement timeout
  '55P03': 'final', // lock timeout
  query_timeout: 'final',
};

/** The SQLSTATE or system code of a driver's error; null where it has none. Holds no value. */
export function failureCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[A-Za-z0-9_]{2,40}$/.test(code) ? code : null;
}

/** Sorts a driver's error into the kinds above. Never throws. */
export function classifyFailure(error: unknown): FailureKind {
  const code = failureCode(error);
  if (code === null) return 'transient';
  return kinds[code] ?? (/^[0-9A-Z]{5}$/.test(code) ? kinds[code.slice(0, 2)] : undefined) ?? 'transient';
}

/** Whether the connection can be used again after this error: only where the server refused a row and said so. */
export function leavesConnectionUsable(error: unknown): boolean {
  return classifyFailure(error) === 'row';
}
