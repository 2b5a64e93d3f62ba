import fc from 'fast-check';
import type { JsonValue } from '../../src/contract/index.js';
import { addDays, createDayOf, type DayOf, startOfDay } from '../../src/domain/day.js';
import type { AnonymousEvent } from '../../src/domain/event.js';
import type { SaltDay } from '../../src/domain/reading/plan.js';
import { anonymousEvent } from '../support/events.js';
import { hashOf } from './stats-plan.js';

/** Where and when something happens. */
export interface World {
  /** The zone of the salt. */
  readonly zone: string;
  readonly dayOf: DayOf;
  /** Salt days, among them quiet ones before and after those that have events. */
  readonly days: readonly SaltDay[];
  /** The salt days on which something may happen. */
  readonly eventful: readonly SaltDay[];
}

export interface History extends World {
  readonly events: readonly AnonymousEvent[];
}

const places: readonly { readonly zone: string; readonly firstDay: string }[] = [
  { zone: 'UTC', firstDay: '2026-11-13' },
  { zone: 'Europe/Berlin', firstDay: '2026-10-22' },
  { zone: 'Europe/Berlin', firstDay: '2026-03-26' },
  { zone: 'Asia/Kolkata', firstDay: '2026-11-13' },
  // Half an hour twice, and never.
  { zone: 'Australia/Lord_Howe', firstDay: '2026-04-02' },
  { zone: 'Australia/Lord_Howe', firstDay: '2026-10-01' },
  { zone: 'America/St_Johns', firstDay: '2026-10-29' },
];
const eventfulDays = 6;
const quietDays = 7;

/** Six days of some zone, many of them with a change of clocks. */
export const someWorld: fc.Arbitrary<World> = fc.constantFrom(
  ...places.map(({ zone, firstDay }) => {
    const dayOf = createDayOf(zone);
    const days = daysFrom(dayOf, addDays(firstDay, -quietDays), 2 * quietDays + eventfulDays);
    return { zone, dayOf, days, eventful: days.slice(quietDays, quietDays + eventfulDays) };
  }),
);

/** So few words that groups meet, and some that are hard to order or easily taken for something else. */
export const someWords = {
  appName: ['web', 'admin'],
  eventType: ['page_viewed', 'opened'],
  eventVersion: [1, 2, 10],
  route: ['/a', '/a/b', '/a_b', '/ä', '/\u{FF5E}', '/\u{1F600}', '(none)', null],
  entityType: ['journey', null],
  deviceType: ['desktop', 'mobile', null],
  browserFamily: ['Firefox', 'Chrome', null],
  osFamily: ['Linux', null],
  source: ['web', 'ide', null],
  appVersion: ['1.0.0', '1.10.0', null],
  entityId: ['j-1', 'j-2', 'J-1', null],
} as const;

/** Values of a property of any type: catalogues change, and old rows keep what they had. */
export const someValues: readonly JsonValue[] = [
  'big',
  '',
  '1',
  'true',
  1,
  2.5,
  0.1,
  0.2,
  -3,
  0,
  true,
  false,
  null,
];
export const someProperties = ['size', 'kind'] as const;

const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...someValues) },
  { weight: 1, arbitrary: fc.constantFrom<JsonValue>(1e21, -1e-7, 9007199254740991, [1], { a: 1 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);

const happening = ({ eventful }: World) =>
  fc.record({
    at: instantWithin(eventful),
    who: fc.constantFrom('ann', 'bob', 'cat', 'dan', null),
    tab: fc.constantFrom('one', 'two', null),
    dimensions: fc.record({
      appName: fc.constantFrom(...someWords.appName),
      eventType: fc.constantFrom(...someWords.eventType),
      eventVersion: fc.constantFrom(...someWords.eventVersion),
      route: fc.constantFrom(...someWords.route),
      entityType: fc.constantFrom(...someWords.entityType),
      deviceType: fc.constantFrom(...someWords.deviceType),
      browserFamily: fc.constantFrom(...someWords.browserFamily),
      osFamily: fc.constantFrom(...someWords.osFamily),
      source: fc.constantFrom(...someWords.source),
      appVersion: fc.constantFrom(...someWords.appVersion),
    }),
    entityId: fc.constantFrom(...someWords.entityId),
    properties: fc.option(fc.record({ size: value, kind: value }, { requiredKeys: [] })),
  });

/** An instant of the days, more often than not a border or right before one. */
export function instantWithin(days: readonly SaltDay[]): fc.Arbitrary<Date> {
  const first = days[0] as SaltDay;
  const last = days.at(-1) as SaltDay;
  const within = { min: first.start.getTime(), max: last.end.getTime() - 1 };
  const borders = days.flatMap(({ start, end }) => [
    start.getTime(),
    start.getTime() + 3_600_000,
    end.getTime() - 1,
  ]);
  return fc.oneof(fc.integer(within), fc.constantFrom(...borders)).map((time) => new Date(time));
}

/** What happened in a world. The hashes of a visitor are others on every day, as they are in life. */
export function someHistory(world: World): fc.Arbitrary<History> {
  return fc.array(happening(world), { maxLength: 40, size: 'max' }).map((happened) => {
    const events = happened.map(({ at, who, tab, ...stored }) => {
      const day = world.dayOf(at);
      const userHash = who && hashOf(day, who);
      const sessionHash = who && tab && hashOf(day, `${who} ${tab}`);
      return anonymousEvent({ day, createdAt: at, userHash, sessionHash, ...stored });
    });
    const toText = () =>
      `events in ${world.zone}:${events.map((event) => `\n  ${textOf(event)}`).join('')}\n`;
    return { ...world, events, [fc.toStringMethod]: toText };
  });
}

function daysFrom(dayOf: DayOf, first: string, count: number): SaltDay[] {
  return Array.from({ length: count }, (_, place) => {
    const day = addDays(first, place);
    return { day, start: startOfDay(day, dayOf), end: startOfDay(addDays(day, 1), dayOf) };
  });
}

function textOf({
  createdAt,
  userHash,
  sessionHash,
  dimensions,
  entityId,
  properties,
}: AnonymousEvent): string {
  const hashes = [userHash, sessionHash].map((hash) => hash?.slice(0, 4) ?? '-').join(' ');
  return `${createdAt.toISOString()} ${hashes} ${JSON.stringify({ ...dimensions, entityId, properties })}`;
}
