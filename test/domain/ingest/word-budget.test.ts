import { describe, expect, it } from 'vitest';
import { createWordBudget, type WordBudgetDeps } from '../../../src/domain/ingest/word-budget.js';

const hour = 3_600_000;

function setUp(options: Partial<WordBudgetDeps> = {}) {
  const time = { now: new Date('2026-11-28T12:30:00.000Z') };
  const stored = new Set<string>();
  const budget = createWordBudget({
    known: { knowsWords: (key) => stored.has(key) },
    clock: { now: () => time.now },
    ...options,
  });
  const later = (ms: number) => {
    time.now = new Date(time.now.getTime() + ms);
  };
  /** How many of so many combinations are admitted; each is new. */
  let made = 0;
  const admitted = (subject: string, count: number): number =>
    Array.from({ length: count }, () => `new ${made++}`).filter((key) => budget.admits(subject, key)).length;
  return { budget, stored, later, admitted };
}

describe('the new combinations of an author', () => {
  it('are 200 in an hour of the clock', () => {
    const { admitted, later } = setUp();
    expect([admitted('one', 150), admitted('one', 150), admitted('one', 1)]).toEqual([150, 50, 0]);
    later(hour / 2 - 1);
    expect(admitted('one', 10)).toBe(0);
    later(1);
    expect(admitted('one', 300)).toBe(200);
  });

  it('are each author’s own', () => {
    const { admitted } = setUp();
    expect([admitted('one', 300), admitted('two', 300)]).toEqual([200, 200]);
  });

  it('count once, however often they are used', () => {
    const { budget, admitted } = setUp();
    for (let use = 0; use < 1_000; use++) expect(budget.admits('one', 'the same')).toBe(true);
    expect(admitted('one', 300)).toBe(199);
    expect(budget.admits('one', 'the same')).toBe(true);
  });

  it('are none where the store has them, also beyond the bound', () => {
    const { budget, stored, admitted } = setUp();
    stored.add('known');
    admitted('one', 300);
    expect(budget.admits('one', 'known')).toBe(true);
    expect(budget.admits('one', 'unknown')).toBe(false);
  });

  it('begin anew where the clock was set back', () => {
    const { admitted, later } = setUp();
    admitted('one', 300);
    later(-hour);
    expect(admitted('one', 300)).toBe(200);
  });
});

describe('what is remembered of authors', () => {
  it('is bounded in bytes: the author who came longest ago is forgotten first', () => {
    // Room for ten authors who have used up everything.
    const { admitted } = setUp({ maxBytes: 10 * (300 + 200 * 100) });
    for (let author = 0; author < 50; author++) expect(admitted(`author-${author}`, 201)).toBe(200);
    expect(admitted('author-49', 1)).toBe(0);
    expect(admitted('author-45', 1)).toBe(0);
    expect(admitted('author-0', 1)).toBe(1);
  });

  it('is found again by a digest, under a key that is another one each hour', () => {
    const digested: string[][] = [];
    const createDigest = () => {
      const texts: string[] = [];
      digested.push(texts);
      return (text: string) => {
        texts.push(text);
        return `digest of ${text}`;
      };
    };
    const { budget, later } = setUp({ createDigest });
    budget.admits('one', 'a');
    later(hour);
    budget.admits('one', 'a');
    expect(digested.filter((texts) => texts.length > 0)).toEqual([
      ['one', 'a'],
      ['one', 'a'],
    ]);
  });
});
