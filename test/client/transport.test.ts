import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type Exchange,
  type HttpAnswer,
  type HttpFetch,
  post,
  type TokenSource,
} from '../../src/client/transport.js';
import { createFakePlatform } from '../sdk/fake-page.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const answer: HttpAnswer = { status: 200, headers: { get: () => null }, text: async () => 'the text' };

/** Posts once; what came of it, and what it did on the way. */
function setUp(fetch: HttpFetch, token: TokenSource = 'a-token') {
  const closed = new AbortController();
  const steps: string[] = [];
  const outcome = post(
    {
      ...createFakePlatform(
        {},
        {
          fetch(url, request) {
            steps.push('fetch');
            return fetch(url, request);
          },
        },
      ),
      timeoutMs: 300,
      signal: closed.signal,
    },
    {
      url: '/graphql',
      token,
      body: '{}',
      maySend(known) {
        steps.push(`may leave with ${known}`);
        return true;
      },
    },
  );
  return { outcome, steps, closed };
}

it.each<[string, HttpFetch, Exchange]>([
  ['an answer', async () => answer, { outcome: 'http_200', text: 'the text', waitMs: 0 }],
  [
    'no answer',
    () => Promise.reject(new TypeError('no network')),
    { outcome: 'network', text: '', waitMs: 0 },
  ],
  ['a hang', () => new Promise(() => {}), { outcome: 'timeout', text: '', waitMs: 0 }],
])('asks for no wait of its own and leaves nothing behind after %s', async (_, fetch, exchange) => {
  const { outcome, closed } = setUp(fetch);
  await vi.advanceTimersByTimeAsync(300);
  expect(await outcome).toEqual(exchange);
  // The signal is that of the whole tracker: one listener a request would be a leak.
  expect(getEventListeners(closed.signal, 'abort')).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('asks whether it may leave and calls fetch on the stack of its caller when the token is there', () => {
  expect(setUp(async () => answer).steps).toEqual(['may leave with a-token', 'fetch']);
});

it.each([
  ['the time was up', 400, 'timeout'],
  ['its caller was closed', 100, 'network'],
])('asks for nothing and sends nothing when the token comes after %s', async (_, closedAfterMs, reason) => {
  const late = () => new Promise<string>((resolve) => setTimeout(resolve, 500, 'late'));
  const { outcome, steps, closed } = setUp(async () => answer, late);
  await vi.advanceTimersByTimeAsync(closedAfterMs);
  closed.abort();
  expect(await outcome).toEqual({ outcome: reason, text: '', waitMs: 0 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps).toEqual([]);
});
