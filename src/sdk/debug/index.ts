import { attempt } from '../../client/attempt.js';
import type { HttpAnswer, HttpFetch, HttpRequest } from '../../client/transport.js';
import { type DebugRow, eventsOf, rowsOf, unansweredRows } from './rows.js';

export type { DebugRow } from './rows.js';

/** The part of `console` that is used. */
export interface DebugConsole {
  group(title: string): void;
  groupCollapsed(title: string): void;
  table(rows: readonly DebugRow[]): void;
  groupEnd(): void;
}

/**
 * Prints what became of every event to the console, for development: event type, status, reason, field, the value
 * that was sent there, rule, and what they mean in plain words. The option `fetch` of `createTracker`, around the
 * page's own `fetch` or around that of a client:
 *
 * ```ts
 * createTracker({ ...options, fetch: import.meta.env.DEV ? debugFetch() : undefined });
 * createTracker({ ...options, fetch: debugFetch(apolloTransport(client)) });
 * ```
 *
 * A request is one group, closed where all of its events were stored as they are. Events without an answer are
 * printed too. The tracker sees the same answer at the same time, whatever is printed and whatever the console does:
 * nothing here throws. What was never sent is not seen here; `stats()` and `onError` have it.
 */
export function debugFetch(fetch: HttpFetch = pageFetch, to: DebugConsole = console): HttpFetch {
  return (url, request) => {
    const log = createLog(request, to);
    try {
      return fetch(url, request).then(
        (answer) => watched(answer, log),
        (error) => {
          log.fail(error);
          throw error;
        },
      );
    } catch (error) {
      log.fail(error);
      throw error;
    }
  };
}

/** Looked up when it is called: one that is instrumented later is used. */
const pageFetch: HttpFetch = (url, request) => globalThis.fetch(url, request);

/** Hears how one request ended; only the first end counts. */
interface Log {
  answer(status: number, text: string): void;
  fail(error: unknown): void;
}

function createLog(request: HttpRequest, to: DebugConsole): Log {
  let ended = false;
  const end = (rowsOfEvents: (events: readonly unknown[]) => readonly DebugRow[]) => {
    if (ended) return;
    ended = true;
    // After the tracker has read the answer: printing takes time.
    queueMicrotask(() => attempt(() => print(rowsOfEvents(eventsOf(request.body)), to)));
  };
  const fail = (error: unknown) => end((events) => unansweredRows(events, wordsOf(error)));
  // A `fetch` that does not listen to the signal would never settle.
  attempt(() =>
    request.signal.addEventListener('abort', () => fail('given up: timeout, or the tracker was closed')),
  );
  return { fail, answer: (status, text) => end((events) => rowsOf(events, status, text)) };
}

function watched(answer: HttpAnswer, log: Log): HttpAnswer {
  return {
    status: answer.status,
    headers: answer.headers,
    text() {
      const text = answer.text();
      text.then((read) => log.answer(answer.status, read), log.fail);
      return text;
    },
  };
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

function print(rows: readonly DebugRow[], to: DebugConsole): void {
  if (rows.length === 0) return;
  const isFine = rows.every(
    ({ status, field }) => (status === 'ACCEPTED' && !field) || status === 'DUPLICATE',
  );
  const title = `signals: ${titleOf(rows)}`;
  if (isFine) to.groupCollapsed(title);
  else to.group(title);
  try {
    to.table(rows);
  } finally {
    to.groupEnd();
  }
}

/** How many events had which end: `2 ACCEPTED, 1 REJECTED`. */
function titleOf(rows: readonly DebugRow[]): string {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
