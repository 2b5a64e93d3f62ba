import { eventDimensions } from '../../contract/index.js';
import type { Builder } from '../builder.js';
import { described } from './described.js';

export type EventDimensionRef = ReturnType<typeof registerEventDimension>;

/** What raw events can lack and statistics can group by. */
export function registerEventDimension(builder: Builder) {
  return builder.enumType('EventDimension', {
    description: 'What events can be told apart by.',
    values: described(eventDimensions, ({ meaning }) => meaning),
  });
}
