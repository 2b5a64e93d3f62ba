import { type ErrorCode, errorCodes } from './error-codes.js';
import { limits } from './limits.js';

/** The paths that take requests with a body. */
type Door = '/graphql' | '/v1/events';

interface CauseRow {
  /** None: it is found out before the path is known. */
  readonly doors: readonly Door[];
  readonly code: ErrorCode;
  /** Where it is not that of the code. */
  readonly httpStatus?: number;
  /** What the answer says. It holds no value of the request. */
  readonly message: string;
}

const both: readonly Door[] = ['/graphql', '/v1/events'];
const graphql: readonly Door[] = ['/graphql'];
const rest: readonly Door[] = ['/v1/events'];

function kibibytes(bytes: number): string {
  return `${bytes / 1_024} KiB`;
}

/**
 * Why a request is refused for its form, before anything of it is executed: one sentence for each cause. A closed
 * list; what a code says about itself is in `errorCodes`.
 */
export const refusalCauses = {
  notAcceptable: {
    doors: graphql,
    code: 'BAD_USER_INPUT',
    httpStatus: 406,
    message: 'Accept has neither application/json nor application/graphql-response+json.',
  },
  compressedBody: {
    doors: both,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The body is compressed. Only uncompressed bodies are taken.',
  },
  contentTypeMissing: {
    doors: both,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Content-Type is missing. Only application/json is taken.',
  },
  contentTypeNotJson: {
    doors: both,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Content-Type is not application/json.',
  },
  charsetNotUtf8: {
    doors: both,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The charset that Content-Type names is not UTF-8.',
  },
  strangersBody: {
    doors: graphql,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    message: `The body is larger than ${kibibytes(limits.maxStrangersBodyBytes)}, the most without a token that verifies.`,
  },
  strangersDocument: {
    doors: graphql,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    message: `The document is larger than ${kibibytes(limits.maxStrangersDocumentBytes)}, the most without a token that verifies.`,
  },
  documentTooLarge: {
    doors: graphql,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    message: `The document is larger than ${kibibytes(limits.maxDocumentBytes)}. What changes from call to call belongs in variables.`,
  },
  noRoomForBody: {
    doors: both,
    code: 'SERVICE_UNAVAILABLE',
    message: 'Too many bodies are being read at this moment.',
  },
  bodyCutOff: {
    doors: both,
    code: 'BAD_USER_INPUT',
    message: 'The body ended before all of it had arrived.',
  },
  bodyEmpty: { doors: both, code: 'BAD_USER_INPUT', message: 'The body is empty.' },
  bodyNotJson: { doors: both, code: 'BAD_USER_INPUT', message: 'The body is not JSON.' },
  bodyNotObject: { doors: both, code: 'BAD_USER_INPUT', message: 'The body is JSON, but not an object.' },
  operationList: {
    doors: graphql,
    code: 'BAD_USER_INPUT',
    message: 'The body is a list. Operations are not taken in batches: send each in a request of its own.',
  },
  unknownMember: {
    doors: graphql,
    code: 'BAD_USER_INPUT',
    message: 'The body has a member other than query, variables, operationName and extensions.',
  },
  variablesNotObject: { doors: graphql, code: 'BAD_USER_INPUT', message: 'variables is not an object.' },
  operationNameNotText: { doors: graphql, code: 'BAD_USER_INPUT', message: 'operationName is not a text.' },
  extensionsNotObject: { doors: graphql, code: 'BAD_USER_INPUT', message: 'extensions is not an object.' },
  queryNotText: { doors: graphql, code: 'BAD_USER_INPUT', message: 'query is not a text.' },
  queryMissing: {
    doors: graphql,
    code: 'BAD_USER_INPUT',
    message: 'query is missing: it is the text of the GraphQL document.',
  },
  /** Gateways and clients know this message, and send the text when they read it. */
  persistedQueryNotFound: {
    doors: graphql,
    code: 'PERSISTED_QUERY_NOT_FOUND',
    message: 'PersistedQueryNotFound',
  },
  eventList: {
    doors: rest,
    code: 'BAD_USER_INPUT',
    message: 'The body is a list. Send an object that has the list as its member events.',
  },
  eventsMissing: {
    doors: rest,
    code: 'BAD_USER_INPUT',
    message: 'events is missing: it is the list of events.',
  },
  eventsNotList: { doors: rest, code: 'BAD_USER_INPUT', message: 'events is not a list.' },
} as const satisfies Record<string, CauseRow>;

export type RefusalCause = keyof typeof refusalCauses;

/** What is said of a request that is refused before execution. */
export interface RefusalWords {
  readonly code: ErrorCode;
  readonly httpStatus: number;
  readonly retryable: boolean;
  readonly message: string;
}

/** The words for a cause, or for a code where that says enough. */
export function refusalWords(why: ErrorCode | RefusalCause): RefusalWords {
  const row: CauseRow | null = why in refusalCauses ? refusalCauses[why as RefusalCause] : null;
  const code = row?.code ?? (why as ErrorCode);
  const { httpStatus, retryable, meaning } = errorCodes[code];
  return { code, retryable, httpStatus: row?.httpStatus ?? httpStatus, message: row?.message ?? meaning };
}
