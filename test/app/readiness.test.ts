import { expect, it } from 'vitest';
import { watchReadiness } from '../../src/app/readiness.js';
import type { LogFields, Readiness } from '../../src/domain/ports/index.js';

it('says in the log when the readiness changes, and nothing for each probe', async () => {
  const lines: unknown[] = [];
  const write = (fields: LogFields, message: string) => void lines.push({ ...fields, message });
  const log = { debug: write, info: write, warn: write, error: write };
  const away: Readiness = { ready: false, reason: 'store_unreachable', sentence: 'It is away.' };
  let answer: Readiness = away;
  const watch = watchReadiness([() => ({ ready: true }), () => answer], log);
  for (const next of [away, away, { ready: true }, { ready: true }, away]) {
    answer = next;
    expect(await watch.ask()).toMatchObject(next);
  }
  const notReady = {
    reason: 'store_unreachable',
    why: 'It is away.',
    message: 'the service is not ready for events',
  };
  expect(lines).toEqual([notReady, { message: 'the service is ready for events' }, notReady]);
  await watch.close();
});

it('hands on what is worth a word although all is well', async () => {
  const write = (): void => undefined;
  const log = { debug: write, info: write, warn: write, error: write };
  const watch = watchReadiness([() => ({ ready: true, notices: ['key_set_empty'] })], log);
  expect(await watch.ask()).toEqual({ ready: true, notices: ['key_set_empty'] });
  await watch.close();
});
