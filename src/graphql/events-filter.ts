import { type EventDimension, eventDimensions } from '../contract/index.js';
import type { EventFilter } from '../domain/ports/index.js';
import { badArgument, instantArgument, notTooMany, textArgument, textsArgument } from './arguments.js';

/** `EventsFilter` after coercion. Null and absent mean the same: no condition. An empty list matches nothing. */
export interface EventsFilterInput {
  readonly appName?: readonly string[] | null | undefined;
  readonly eventType?: readonly string[] | null | undefined;
  readonly eventVersion?: readonly number[] | null | undefined;
  readonly entityType?: string | null | undefined;
  readonly entityId?: string | null | undefined;
  readonly route?: string | null | undefined;
  readonly deviceType?: readonly string[] | null | undefined;
  readonly browserFamily?: readonly string[] | null | undefined;
  readonly osFamily?: readonly string[] | null | undefined;
  readonly source?: readonly string[] | null | undefined;
  readonly appVersion?: readonly string[] | null | undefined;
  readonly none?: readonly EventDimension[] | null | undefined;
  readonly userHash?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/**
 * The filter of the reader port, field by field: a client never shapes a condition of its own. Throws BAD_USER_INPUT,
 * naming the argument, for what no store could be asked.
 */
export function toEventFilter(input: EventsFilterInput): EventFilter {
  const filter: EventFilter = {
    appName: listed('appName', input),
    eventType: listed('eventType', input),
    eventVersion: input.eventVersion ? notTooMany('filter.eventVersion', input.eventVersion) : undefined,
    entityType: only('entityType', input),
    entityId: only('entityId', input),
    route: only('route', input),
    deviceType: listed('deviceType', input),
    browserFamily: listed('browserFamily', input),
    osFamily: listed('osFamily', input),
    source: listed('source', input),
    appVersion: listed('appVersion', input),
    userHash: hashes(only('userHash', input)),
    sessionHash: hashes(only('sessionId', input)),
    ...toRange(input),
  };
  return { ...filter, ...withoutValue(notTooMany('filter.none', input.none ?? []), filter) };
}

/** Every event has these. */
const always: readonly EventDimension[] = ['APP', 'EVENT_TYPE', 'EVENT_VERSION'];

/** The conditions that an event has no value there. A field that shall have one as well matches nothing. */
function withoutValue(dimensions: readonly EventDimension[], filter: EventFilter): EventFilter {
  const conditions = dimensions.map((dimension) => {
    const { field } = eventDimensions[dimension];
    return [field, always.includes(dimension) || filter[field] ? [] : [null]];
  });
  return Object.fromEntries(conditions);
}

type NameOf<Value> = {
  [Name in keyof EventsFilterInput]-?: NonNullable<EventsFilterInput[Name]> extends Value ? Name : never;
}[keyof EventsFilterInput];

function listed(name: NameOf<readonly string[]>, input: EventsFilterInput): readonly string[] | undefined {
  const values = input[name];
  return values == null ? undefined : textsArgument(`filter.${name}`, values);
}

function only(name: NameOf<string>, input: EventsFilterInput): readonly string[] | undefined {
  const value = input[name];
  return value == null ? undefined : [textArgument(`filter.${name}`, value)];
}

/** Instants the wrong way round are a mistake of the caller; equal ones are an empty range. */
function toRange({ from, to }: EventsFilterInput): Pick<EventFilter, 'from' | 'to'> {
  if (from && to && from > to) throw badArgument('filter.from', 'is later than filter.to');
  return {
    from: from ? instantArgument('filter.from', from) : undefined,
    to: to ? instantArgument('filter.to', to) : undefined,
  };
}

/** Stored hashes are 32 hex digits: what cannot be one matches nothing. */
function hashes(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts?.filter((text) => /^[0-9a-f]{32}$/i.test(text)).map((text) => text.toLowerCase());
}
