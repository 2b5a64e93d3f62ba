interface ErrorRow {
  /** Status of a REST answer, and of a GraphQL answer that was refused before execution. */
  readonly httpStatus: number;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  readonly meaning: string;
}

/**
 * Every code that stands in `errors[].extensions.code` or in a REST body's `error.code`.
 * A GraphQL request that reached execution answers HTTP 200 whatever the code.
 */
export const errorCodes = {
  UNAUTHENTICATED: { httpStatus: 401, retryable: false, meaning: 'No token, or one that does not verify.' },
  FORBIDDEN: { httpStatus: 403, retryable: false, meaning: 'Signed in, but not allowed to do this.' },
  AUTH_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'The keys that verify tokens cannot be had at the moment.',
  },
  GATEWAY_SIGNATURE_REQUIRED: {
    httpStatus: 401,
    retryable: false,
    meaning: 'The request does not carry the gateway’s signature.',
  },
  GATEWAY_SIGNATURE_INVALID: {
    httpStatus: 401,
    retryable: false,
    meaning: 'The gateway’s signature does not fit the request.',
  },
  GATEWAY_SIGNATURE_STALE: {
    httpStatus: 401,
    retryable: false,
    meaning: 'The gateway signed the request more than 60 seconds ago, or its clock is off.',
  },
  BAD_USER_INPUT: {
    httpStatus: 400,
    retryable: false,
    meaning: 'An argument or the body is not what it should be.',
  },
  GRAPHQL_PARSE_FAILED: { httpStatus: 400, retryable: false, meaning: 'The document is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: {
    httpStatus: 400,
    retryable: false,
    meaning:
      'The document does not fit the schema or is over a limit (tokens, depth, aliases, directives, cost).',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    httpStatus: 200,
    retryable: false,
    meaning:
      'The request names its document by a hash, and no documents are kept: send the text. The message is always `PersistedQueryNotFound`.',
  },
  QUERY_TOO_EXPENSIVE: {
    httpStatus: 400,
    retryable: false,
    meaning:
      'The statistic would read too many raw rows. `narrow` beside the code names the arguments that make it cheaper.',
  },
  BATCH_TOO_LARGE: {
    httpStatus: 413,
    retryable: false,
    meaning: 'More events than one batch, or all fields of one request together, may hold.',
  },
  REQUEST_ENTITY_TOO_LARGE: {
    httpStatus: 413,
    retryable: false,
    meaning: 'The body is larger than allowed.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    httpStatus: 415,
    retryable: false,
    meaning: 'Only uncompressed application/json in UTF-8 is taken.',
  },
  METHOD_NOT_ALLOWED: { httpStatus: 405, retryable: false, meaning: 'This path does not take this method.' },
  NOT_FOUND: { httpStatus: 404, retryable: false, meaning: 'There is nothing at this path.' },
  REQUEST_TIMEOUT: {
    httpStatus: 408,
    retryable: true,
    meaning: 'The request took too long to arrive; the connection is closed, with no more than the status.',
  },
  RATE_LIMITED: {
    httpStatus: 429,
    retryable: true,
    meaning: 'Nothing of the batch could be taken; see Retry-After.',
  },
  SERVICE_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning:
      'The store is away, the service is starting or stopping, or it holds as many requests as it can.',
  },
  INTERNAL_SERVER_ERROR: {
    httpStatus: 500,
    retryable: true,
    meaning: 'A fault of ours; it is logged by request id.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCodes;
