import { expect, it } from 'vitest';
import type { JsonObject, TrackEventInput } from '../../../src/contract/index.js';
import { createPipeline, pageViewed } from '../../support/pipeline.js';

/** As many repetitions as fit into the properties of an event. */
const filled = (unit: string): JsonObject => ({
  note: unit.repeat(Math.floor(2_000 / Buffer.byteLength(JSON.stringify(unit).slice(1, -1)))),
});
const keys = (make: (index: number) => string, count: number): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [make(index), 1]));

/**
 * Texts that are long once compatibility characters are written out, and are refused for that length before anything
 * looks at them. `npm run test:hostile` measures what they cost.
 */
const long: readonly (readonly [what: string, event: Partial<TrackEventInput>])[] = [
  ['keys', { properties: keys((index) => `${'\ufdfa'.repeat(8)}${index}`, 60) }],
  ['long keys', { properties: keys((index) => `${'\ufdfa'.repeat(125)}${index}`, 5) }],
  ['a value', { properties: filled('\ufdfa') }],
  ['a value of squared words', { properties: filled('\u3316') }],
];

it.each(long)(
  'compatibility characters in %s count with the length that they stand for',
  async (_what, event) => {
    expect(await createPipeline().one(pageViewed(event))).toMatchObject({
      status: 'REJECTED',
      reason: 'PROPERTIES_TOO_LARGE',
      rule: 'maxBytes',
    });
  },
);
