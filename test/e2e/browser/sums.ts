import { expect } from 'vitest';
import type { Exit, Stats, Visit } from './visit.js';

const long = { timeout: 20_000, interval: 100 };

/** Until this holds. */
export function eventually<Value>(look: () => Value | Promise<Value>): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(look, long);
}

export function total(dropped: Stats['dropped']): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** The sum that holds at every moment. */
export function expectBalanced(stats: Stats): void {
  const { tracked, restored = 0, accepted, duplicates, dropped, handedOver = 0, queued, inFlight } = stats;
  expect(accepted + duplicates + total(dropped) + handedOver + queued + inFlight, JSON.stringify(stats)).toBe(
    tracked + restored,
  );
}

/** Exactly so many rows of the visit, no event twice, each one as the page gave it to the network. */
export async function expectStored(visit: Visit, count: number): Promise<void> {
  await eventually(async () => (await visit.stored()).length).toBe(count);
  const rows = await visit.stored();
  expect(new Set(rows).size).toBe(rows.length);
  const told = visit.site.telemetry.seen.flatMap(({ body }) => idsIn(body));
  expect(told).toEqual(expect.arrayContaining([...rows]));
}

/**
 * The page that is left: as many were stored as it tracked and did not count as dropped. What it handed over or
 * had in flight is in the database; what is still queued would be lost without a word. Without an offline store.
 */
export async function expectExit(visit: Visit, tracked: number): Promise<Exit> {
  await eventually(() => visit.site.exits.length).toBeGreaterThan(0);
  const exit = visit.site.exits.at(-1) as Exit;
  expectBalanced(exit.stats);
  expect(exit.stats).toMatchObject({ tracked, queued: 0 });
  expect(exit.stats).not.toHaveProperty('restored');
  await expectStored(visit, tracked - total(exit.stats.dropped));
  return exit;
}

/** The ids in the body of a request of the tracker. */
export function idsIn(body: string): readonly string[] {
  return eventsIn(body).map(({ clientEventId }) => clientEventId);
}

export interface SentEvent {
  readonly clientEventId: string;
  readonly eventType: string;
  readonly sessionId?: string;
}

export function eventsIn(body: string): readonly SentEvent[] {
  const { variables } = JSON.parse(body) as { variables: { input: { events: readonly SentEvent[] } } };
  return variables.input.events;
}
