/** What became of one event. Acknowledged means committed. */
export const trackStatuses = ['ACCEPTED', 'DUPLICATE', 'DROPPED', 'REJECTED'] as const;
export type TrackStatus = (typeof trackStatuses)[number];

interface ReasonRow {
  /** `DROPPED`: nothing is wrong with the event, we do not keep it. `REJECTED`: the event breaks the plan. */
  readonly status: 'DROPPED' | 'REJECTED';
  /** Whether sending the same event again later can end otherwise. */
  readonly retryable: boolean;
  /** The public explanation; printed in docs/reasons.md and in the schema. */
  readonly meaning: string;
}

/** Every reason an event is not stored for: a closed list, part of the public contract. */
export const trackReasons = {
  BOT: {
    status: 'DROPPED',
    retryable: false,
    meaning: 'The user agent belongs to a known crawler or script.',
  },
  INTERNAL_USER: {
    status: 'DROPPED',
    retryable: false,
    meaning: 'The caller is on the list of users that are not tracked.',
  },
  OPTED_OUT: {
    status: 'DROPPED',
    retryable: false,
    meaning: 'The browser sent Sec-GPC or DNT and the catalogue asks to drop such events.',
  },
  RATE_LIMITED: {
    status: 'DROPPED',
    retryable: true,
    meaning: 'The caller has sent more events than allowed; retry after retryAfterMs.',
  },
  OVERLOADED: {
    status: 'DROPPED',
    retryable: true,
    meaning: 'The server holds as many unwritten events as it may; retry after retryAfterMs.',
  },
  DISABLED: {
    status: 'DROPPED',
    retryable: false,
    meaning: 'The event type is switched off in the catalogue.',
  },
  UNKNOWN_EVENT_TYPE: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The catalogue has no such event type, not for this app, or not in this version.',
  },
  UNKNOWN_APP: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The catalogue has no such app, or the event names none.',
  },
  UNKNOWN_ENTITY_TYPE: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The catalogue has no such entity type.',
  },
  INVALID_CLIENT_EVENT_ID: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'clientEventId is not a UUID of version 4, 5, 7 or 8.',
  },
  INVALID_ENTITY: {
    status: 'REJECTED',
    retryable: false,
    meaning:
      'entityType and entityId do not come together, the id has the wrong format, the event type does not take this entity type, or the caller may not report on it.',
  },
  INVALID_ROUTE: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'route is not a path of at most 256 characters.',
  },
  INVALID_SESSION: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'sessionId is not a UUID, or the caller may not report on it.',
  },
  INVALID_SEQ: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'seq is not a whole number from 0 to 1073741823.',
  },
  INVALID_TIMESTAMP: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'occurredAt or sentAt is not an ISO 8601 instant.',
  },
  TOO_OLD: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The event happened longer ago than is accepted, or on a day that is no longer kept.',
  },
  INVALID_TEXT: {
    status: 'REJECTED',
    retryable: false,
    meaning:
      'A text holds characters that cannot be stored (NUL, control characters, half a surrogate pair) or has the wrong form.',
  },
  INVALID_PROPERTIES: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The properties do not match the schema of the event type.',
  },
  PROPERTIES_TOO_LARGE: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The properties take more bytes or more keys than the event type allows.',
  },
  PROPERTIES_TOO_DEEP: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'The properties are nested too deeply.',
  },
  PII_KEY: {
    status: 'REJECTED',
    retryable: false,
    meaning: 'A property is named like personal data.',
  },
  PII_VALUE: {
    status: 'REJECTED',
    retryable: false,
    meaning:
      'A value looks like personal data: an e-mail address, a phone or card number, a token, an IP address, a URL with credentials.',
  },
} as const satisfies Record<string, ReasonRow>;

export type TrackReason = keyof typeof trackReasons;
export const trackReasonNames = /* @__PURE__ */ Object.keys(trackReasons) as readonly TrackReason[];

/**
 * The reasons of the table that are retryable, by themselves: a browser's bundle has no room for the meanings.
 * test/contract/reasons.test.ts keeps the two in step.
 */
export const retryableReasons = ['RATE_LIMITED', 'OVERLOADED'] as const satisfies readonly TrackReason[];
