import { readingLimits, statsComparisons, statsIntervals, statsOrders } from '../../contract/index.js';
import type {
  FilterInput,
  GroupInput,
  PropertyFilterInput,
  StatsInput,
} from '../../domain/reading/question.js';
import type { Builder } from '../builder.js';
import { described } from './described.js';
import type { EventDimensionRef } from './event-dimension.js';

/** The question of `eventStats`. What is wrong with one is found out by the domain, which names the argument. */
export function registerEventStatsInput(builder: Builder, EventDimension: EventDimensionRef) {
  const Filter = registerFilter(builder, EventDimension);
  const Group = registerGroup(builder, EventDimension);
  const { Interval, Order, Compare } = registerChoices(builder);
  return builder.inputRef<StatsInput>('EventStatsInput').implement({
    description: 'The range is given by `last`, or by `from` and `to`.',
    fields: (t) => ({
      last: t.string({ description: about.last }),
      from: t.field({ type: 'DateTime', description: 'from ≤ createdAt.' }),
      to: t.field({ type: 'DateTime', description: 'createdAt < to.' }),
      zone: t.string({ description: about.zone }),
      interval: t.field({ type: Interval, defaultValue: 'DAY' }),
      filter: t.field({ type: Filter }),
      groupBy: t.field({ type: [Group], description: about.groupBy }),
      top: t.int({ defaultValue: 10, description: about.top }),
      orderBy: t.field({ type: Order, defaultValue: 'EVENTS' }),
      compare: t.field({ type: Compare }),
      completeOnly: t.boolean({ defaultValue: false, description: about.completeOnly }),
    }),
  });
}

const about = {
  last: 'An ISO 8601 duration. P30D is today and the 29 days before, in whole calendar days of the zone. With HOUR, or as a duration in hours (PT24H), it counts whole hours, the running one included.',
  zone: 'An IANA time zone, such as Europe/Berlin. SIGNALS_DAY_ZONE where it is left out.',
  groupBy: 'What rows are told apart by: at most three. Without it there are no rows, only the total.',
  top: `Rows that are shown, 1 to ${readingLimits.maxStatsTop}. The rest is one row OTHER.`,
  completeOnly: 'Leaves out buckets that are not over yet or that the range cuts.',
};

function registerChoices(builder: Builder) {
  return {
    Interval: builder.enumType('EventStatsInterval', {
      description: 'How a range is cut into buckets, by the civil time of the zone.',
      values: described(statsIntervals, (meaning) => meaning),
    }),
    Order: builder.enumType('EventStatsOrder', {
      description: 'What decides which rows are shown, and in what order.',
      values: described(statsOrders, (meaning) => meaning),
    }),
    Compare: builder.enumType('EventStatsCompare', {
      description: 'What the range is compared with.',
      values: described(statsComparisons, (meaning) => meaning),
    }),
  };
}

function registerGroup(builder: Builder, EventDimension: EventDimensionRef) {
  return builder.inputRef<GroupInput>('EventStatsGroupInput').implement({
    description: 'Exactly one of the two.',
    fields: (t) => ({
      dimension: t.field({ type: EventDimension }),
      property: t.string({
        description:
          'A declared property that is no list and no object. The filter names its one event type.',
      }),
    }),
  });
}

function registerFilter(builder: Builder, EventDimension: EventDimensionRef) {
  const Property = registerPropertyFilter(builder);
  const Filter = builder.inputRef<FilterInput>('EventStatsFilter');
  return Filter.implement({
    description:
      'All conditions hold together. What is null or left out is no condition. A list names the values of which an event must have one: an empty list matches nothing.',
    fields: (t) => ({
      appName: t.stringList(),
      eventType: t.stringList(),
      eventVersion: t.intList(),
      route: t.stringList(),
      routePrefix: t.string({ description: 'What the route begins with, letter by letter.' }),
      entityType: t.string(),
      entityId: t.idList(),
      deviceType: t.stringList(),
      browserFamily: t.stringList(),
      osFamily: t.stringList(),
      source: t.stringList(),
      appVersion: t.stringList(),
      none: t.field({ type: [EventDimension], description: 'Only events without a value in any of these.' }),
      not: t.field({
        type: Filter,
        description: 'Events that this filter as a whole does not match, those without a value among them.',
      }),
      properties: t.field({
        type: [Property],
        description: 'Conditions on declared properties. `eventType` then names exactly one event type.',
      }),
    }),
  });
}

function registerPropertyFilter(builder: Builder) {
  return builder.inputRef<PropertyFilterInput>('EventPropertyFilterInput').implement({
    description: 'All that is given holds together, and something has to be given.',
    fields: (t) => ({
      name: t.string({ required: true }),
      // The builder thinks that a list can hold undefined; what GraphQL hands over holds null.
      in: t.field({
        type: ['JSON'],
        required: { list: false, items: false },
        description: 'Texts, numbers, true, false; null is for events without the property.',
      }) as never,
      gte: t.float({ description: 'The value is a number, and gte ≤ value.' }),
      lt: t.float({ description: 'The value is a number, and value < lt.' }),
    }),
  });
}
