import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What only an entry may read, and which files are one. Everybody else is handed it. */
const rules = [
  {
    what: 'the environment',
    read: /\bprocess\.env\b|\bprocess\[['"]env|\benv\b.*from 'node:process'/,
    allowed: ['src/cli/main.ts', 'src/main.ts'],
  },
  {
    what: 'the clock',
    read: /\bnew Date\(\s*\)|\bDate\.now\b/,
    allowed: [
      'src/cli/main.ts',
      'src/main.ts',
      // The clients run in processes that are not ours, where nobody hands them a clock.
      'src/node-client/tracker.ts',
      'src/sdk/offline/platform.ts',
      'src/sdk/platform.ts',
      // The engine that keeps nothing: its clock is a default that tests replace.
      'src/store/memory/memory-store.ts',
    ],
  },
] as const;

type Rule = (typeof rules)[number];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (path === 'src/generated') return [];
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(path) ? [path] : [];
  });
}

/** Whether a program reads it; what a comment says of it is no reading. */
function reads({ read }: Rule, program: string): boolean {
  return read.test(program.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, ''));
}

describe.each(rules)('$what', (rule) => {
  it('is read by the entries alone', () => {
    const files = [...sources('src'), ...sources('jobs')];
    expect(files.length).toBeGreaterThan(200);
    const allowed = new Set<string>(rule.allowed);
    const readers = files.filter((path) => reads(rule, readFileSync(join(root, path), 'utf8')));
    expect(readers.length).toBeGreaterThan(0);
    expect(readers.filter((path) => !allowed.has(path))).toEqual([]);
  });
});

describe('a planted reading', () => {
  it.each([
    ['the environment', 'const port = process.env.PORT;'],
    ['the environment', "const port = process['env'].PORT;"],
    ['the environment', "import { env } from 'node:process';"],
    ['the clock', 'const at = new Date();'],
    ['the clock', 'const at = { now: Date.now };'],
  ])('of %s is found: %s', (what, program) => {
    expect(rules.filter((rule) => reads(rule, program)).map((rule) => rule.what)).toEqual([what]);
  });
  it.each(['const at = new Date(text);', '// process.env is read elsewhere', '/** Date.now() */'])(
    'is not seen in: %s',
    (program) => {
      expect(rules.filter((rule) => reads(rule, program))).toEqual([]);
    },
  );
});
