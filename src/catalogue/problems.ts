import type * as z from 'zod';

/** Where something stands in the file: keys and indexes from the top. */
export type JsonPath = readonly PropertyKey[];

/** A path as one would write it in code: `apps["journeys-admin"].owner`, `eventTypes.run.apps[0]`. */
export function printPath(path: JsonPath): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '') || 'the file';
}

/** One problem: its path, and what is wrong or allowed there. */
export function problemAt(path: JsonPath, message: string): string {
  return `${printPath(path)}: ${message}`;
}

const nameRule = 'must be a name: a letter, then up to 63 letters, digits, "_", "." or "-"';

/** What zod found, in this file's own words: missing, of the wrong kind, unknown, out of bounds. */
export function zodProblems(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map((issue) => problemAt(issue.path, issueMessage(issue)));
}

function issueMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}${received(issue)}`;
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) {
    const allowed = issue.values.map((value) => JSON.stringify(value)).join(', ');
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${allowed}`;
  }
  if (issue.code === 'invalid_format' || issue.code === 'invalid_key') {
    const isVersion = String(issue.path.at(-2)) === 'previousVersions';
    return isVersion ? 'must be a version number, such as "1"' : nameRule;
  }
  if (issue.code === 'too_small')
    return `must ${bound(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `must ${bound(issue.origin)} at most ${issue.maximum}`;
  return issue.message;
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number';
  const noun = expected === 'record' ? 'object' : expected;
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function received(issue: z.core.$ZodIssue): string {
  return issue.message.endsWith('received undefined') ? '; it is missing' : '';
}

function bound(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'array' ? 'have a number of entries of' : 'be';
}
