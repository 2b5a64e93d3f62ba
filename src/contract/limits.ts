/**
 * Numbers that both sides of the wire agree on. Bytes are bytes of UTF-8, lengths are UTF-16 code units.
 * Everything a deployment may change is a setting (see src/config/settings.ts) and stands here only as its default.
 */
export const limits = {
  /** Events in one `trackEvents` call or one `POST /v1/events`; setting `SIGNALS_MAX_BATCH`. */
  maxBatch: 200,
  /** Bytes of one request body. 200 events of the largest size fit. */
  maxBodyBytes: 1_048_576,
  /** The same at `/graphql` without a token that verifies: enough for `_service` and the introspection of tools. */
  maxStrangersBodyBytes: 16_384,
  /** Bytes of a GraphQL document; what is data belongs in variables. */
  maxDocumentBytes: 65_536,
  /** The same without a token that verifies. */
  maxStrangersDocumentBytes: 8_192,
  /** Bytes of an event's properties, serialised, unless the catalogue says less or more. */
  defaultPropertiesBytes: 2_048,
  /** The most that a catalogue may allow. */
  maxPropertiesBytes: 4_096,
  /** Nesting of properties: `{a: {b: 1}}` is 2 deep. */
  maxPropertiesDepth: 5,
  /** Keys in an event's properties, nested ones included. */
  maxPropertiesKeys: 64,
  /** Text in a property whose schema names no `maxLength`. */
  defaultTextLength: 64,
  /** `appVersion`, `source`. */
  maxLabelLength: 64,
  /** DNS name length, RFC 1035 section 2.3.4. */
  maxHostLength: 253,
  maxRouteLength: 256,
  maxEntityIdLength: 256,
  /** Half of what the column takes: the other half is room for the shift (`storedSeq`). */
  maxSeq: 1_073_741_823,
  /** A client clock that says no `sentAt` and is off by no more than this is taken for right. */
  uncorrectedSkewMs: 5 * 60_000,
  /** Page size of `events`. */
  defaultPageSize: 50,
  maxPageSize: 200,
  /** Values in one list of a filter: more than a catalogue has names. PostgreSQL takes 65,535 in one statement. */
  maxFilterValues: 1_000,
  /** Text in a filter. No stored text is longer than half of it. */
  maxFilterTextLength: 512,
  /** Representations in one `_entities`: more than any gateway asks for at once; a page has 200. */
  maxRepresentations: 1_000,
  /** Least length of any secret, in bytes. */
  minSecretBytes: 32,
} as const;
