import { describe, expect, it } from 'vitest';
import { appendStatement } from '../../src/store/sql/append-statement.js';
import { createEventSource, inOrderOfTime, withoutLookUp } from './ids/rows.js';

const startMs = Date.UTC(2026, 10, 28);
const uuid8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ends = (id: string): string[] => [id.replaceAll('-', '').slice(0, 12), id.slice(24)];

describe('new events', () => {
  const events = createEventSource(startMs).next(1_200);

  it('have ids in the form of today, all of them different and in no order', () => {
    const ids = events.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(uuid8);
    for (const [first, last] of ids.map(ends)) expect(first).toBe(last);
    expect(new Set(ids).size).toBe(1_200);
    expect([...ids].sort()).not.toEqual(ids);
  });

  it('share a visitor and a session by six', () => {
    expect(new Set(events.map(({ userHash }) => userHash)).size).toBe(200);
    expect(new Set(events.map(({ sessionHash }) => sessionHash)).size).toBe(200);
  });

  it('get ids in order of time that differ in nothing else', () => {
    const ordered = events.map(inOrderOfTime);
    const ids = ordered.map(({ id }) => id);
    expect([...ids].sort()).toEqual(ids);
    for (const [index, id] of ids.entries()) {
      expect(id).toMatch(uuid8);
      const clock = (startMs + index).toString(16).padStart(12, '0');
      expect(ends(id)).toEqual([clock, clock]);
    }
    expect(ordered.map((event, index) => ({ ...event, id: events[index]?.id }))).toEqual(events);
  });

  it('go on where the last ones ended', () => {
    const source = createEventSource(startMs);
    source.next(5);
    expect(source.next(1)[0]?.createdAt).toEqual(new Date(startMs + 5));
  });
});

describe('the statement without the look-up', () => {
  const { statement } = appendStatement([], () => true);

  it('is the append statement less one line', () => {
    const kept = withoutLookUp(statement).text.split('\n');
    const lines = statement.text.split('\n');
    const left = lines.filter((line) => !kept.includes(line));
    expect(left).toEqual([expect.stringMatching(/^ {4}AND \(SELECT true FROM events old .* IS NULL$/)]);
    expect(kept).toEqual(lines.filter((line) => line !== left[0]));
  });

  it('is refused where there is none', () => {
    const without = withoutLookUp(statement);
    expect(() => withoutLookUp(without)).toThrow('the append statement has no look-up');
  });
});
