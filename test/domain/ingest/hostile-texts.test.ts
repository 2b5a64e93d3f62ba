import { describe, expect, it } from 'vitest';
import type { JsonObject, TrackEventInput } from '../../../src/contract/index.js';
import { createPipeline, pageViewed } from '../../support/pipeline.js';

/** As many repetitions as fit into the properties of an event. */
const filled = (unit: string): JsonObject => ({
  note: unit.repeat(Math.floor(2_000 / Buffer.byteLength(JSON.stringify(unit).slice(1, -1)))),
});
const keys = (make: (index: number) => string, count: number): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [make(index), 1]));

const plain = filled('hello world and ');

const hostile: readonly (readonly [what: string, event: Partial<TrackEventInput>])[] = [
  ['compatibility characters in keys', { properties: keys((index) => `${'\ufdfa'.repeat(8)}${index}`, 60) }],
  [
    'long keys of compatibility characters',
    { properties: keys((index) => `${'\ufdfa'.repeat(125)}${index}`, 5) },
  ],
  ['compatibility characters in a value', { properties: filled('\ufdfa') }],
  ['squared words in a value', { properties: filled('\u3316') }],
  ['compatibility characters in a route', { route: `/${'\ufdfa'.repeat(255)}` }],
  ['compatibility characters in an id', { entityType: 'journey', entityId: '\ufdfa'.repeat(256) }],
  ['groups of digits', { properties: filled('1-') }],
  ['groups of digits that begin like a card', { properties: filled('4-') }],
  ['what looks like addresses', { properties: filled('1:1:1 ') }],
  ['what looks like short addresses', { properties: filled('1::1::1 ') }],
];

/** Milliseconds of processor time for twenty events; the least of three runs. */
async function cost(event: Partial<TrackEventInput>): Promise<number> {
  const { batch } = createPipeline();
  const runs: number[] = [];
  for (let run = 0; run < 4; run++) {
    const before = process.cpuUsage();
    await batch(Array.from({ length: 20 }, () => pageViewed(event)));
    runs.push(process.cpuUsage(before).user / 1_000);
  }
  return Math.min(...runs);
}

describe('a text made to be dear costs little more than another of its size', () => {
  // Before 2026-11-28 the first three took 120 times as long, and the last but one 45 times.
  it.each(hostile)('%s', async (_what, event) => {
    expect(await cost(event)).toBeLessThan(20 * (await cost({ properties: plain })));
  });
});
