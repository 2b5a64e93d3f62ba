import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/app/package-root.js';

/** How many hostile and faulty conditions there are; each row of a test names the one that it plays by number. */
const conditions = 84;

/** Played with more load than a test of behaviour may make. */
const needLoad: Readonly<Record<number, string>> = {
  75: 'thousands of parallel requests: test/bench',
};

/** Played by a test whose name does not begin with the number: the file, and words of that name. */
const elsewhere: Readonly<Record<number, readonly [file: string, words: string]>> = {
  83: ['test/graphql/federation.test.ts', 'a neighbour that has its own Event, PageInfo, scalars and node'],
};

const folders = ['test/hostile', 'test/graphql', 'test/http'];

/** The numbers that stand at the beginning of a test’s name, over all files of the folders. */
function covered(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const folder of folders) {
    for (const file of readdirSync(join(packageRoot(), folder)).filter((name) => name.endsWith('.test.ts'))) {
      const text = readFileSync(join(packageRoot(), folder, file), 'utf8');
      for (const [, number] of text.matchAll(/['`](\d{1,2})\. [^\s'`]/g)) {
        found.set(Number(number), [...(found.get(Number(number)) ?? []), file]);
      }
    }
  }
  return found;
}

it('every condition has a row that plays it, or is named as needing load', () => {
  const rows = covered();
  const missing = Array.from({ length: conditions }, (_, index) => index + 1).filter(
    (number) => !rows.has(number) && !(number in elsewhere) && !(number in needLoad),
  );
  expect(missing).toEqual([]);
  expect(Math.max(...rows.keys())).toBeLessThanOrEqual(conditions);
});

it('what is played elsewhere is there', () => {
  for (const [file, words] of Object.values(elsewhere)) {
    expect(readFileSync(join(packageRoot(), file), 'utf8')).toContain(words);
  }
});

it('nothing is excused that a row plays after all', () => {
  const rows = covered();
  expect(Object.keys({ ...needLoad, ...elsewhere }).filter((number) => rows.has(Number(number)))).toEqual([]);
});
