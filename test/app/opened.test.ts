import { describe, expect, it } from 'vitest';
import { type Closable, openInOrder } from '../../src/app/opened.js';

const closed: string[] = [];
const part = (name: string): Closable & { name: string } => ({
  name,
  close: async () => {
    closed.push(name);
  },
});

describe('what is opened together', () => {
  it('is closed in reverse, once', async () => {
    closed.length = 0;
    const opened = await openInOrder(async (open) => ({
      first: open(part('first')).name,
      second: open(part('second')).name,
    }));
    expect(opened).toMatchObject({ first: 'first', second: 'second' });
    expect(closed).toEqual([]);
    await opened.close();
    await opened.close();
    expect(closed).toEqual(['second', 'first']);
  });
  it('is closed at once where a later part fails', async () => {
    closed.length = 0;
    const failing = openInOrder(async (open) => {
      open(part('first'));
      open(part('second'));
      throw new Error('the third part failed');
    });
    await expect(failing).rejects.toThrow('the third part failed');
    expect(closed).toEqual(['second', 'first']);
  });
});
