import type { EventFilter } from '../domain/ports/index.js';

/** `EventsFilter` after coercion. Null and absent mean the same: no condition. */
export interface EventsFilterInput {
  readonly appName?: readonly string[] | null | undefined;
  readonly eventType?: readonly string[] | null | undefined;
  readonly entityType?: string | null | undefined;
  readonly entityId?: string | null | undefined;
  readonly route?: string | null | undefined;
  readonly deviceType?: readonly string[] | null | undefined;
  readonly browserFamily?: readonly string[] | null | undefined;
  readonly osFamily?: readonly string[] | null | undefined;
  readonly userHash?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/** The filter of the reader port, field by field: a client never shapes a condition of its own. */
export function toEventFilter(input: EventsFilterInput): EventFilter {
  return {
    appName: input.appName ?? undefined,
    eventType: input.eventType ?? undefined,
    entityType: only(input.entityType),
    entityId: only(input.entityId),
    route: only(input.route),
    deviceType: input.deviceType ?? undefined,
    browserFamily: input.browserFamily ?? undefined,
    osFamily: input.osFamily ?? undefined,
    userHash: hashOf(input.userHash),
    sessionHash: hashOf(input.sessionId),
    from: input.from ?? undefined,
    to: input.to ?? undefined,
  };
}

function only(value: string | null | undefined): readonly string[] | undefined {
  return value == null ? undefined : [value];
}

/** A stored hash is 32 hex digits: what cannot be one matches nothing. */
function hashOf(text: string | null | undefined): readonly string[] | undefined {
  if (text == null) return undefined;
  return /^[0-9a-f]{32}$/i.test(text) ? [text.toLowerCase()] : [];
}
