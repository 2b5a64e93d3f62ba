import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Authenticator } from '../auth/authenticator.js';
import { type ErrorCode, errorCodes, isObject } from '../contract/index.js';
import type { GraphQLContext, Services } from '../graphql/context.js';
import { createEventRoom } from '../graphql/event-room.js';
import { createErrorScrubber, type WireError } from '../graphql/scrub-errors.js';
import type { Metrics } from '../observability/metrics.js';
import { bodyRefusal, documentProblem, graphqlBody, isSignedIn, noRoom } from './admission.js';
import { isPlainJson, parseJson } from './body.js';
import {
  checkSignature,
  type GatewayTrust,
  type GraphqlParams,
  identify,
  identifyByHeader,
} from './identify.js';
import type { OriginReader } from './origin.js';
import { json, type Reply, retryHeaders } from './reply.js';
import type { Route } from './server.js';
import type { Engine } from './yoga.js';

export interface GraphqlRouteOptions {
  readonly engine: Engine;
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  /** Null: no secret is set and nothing is expected to be signed. */
  readonly trust: GatewayTrust | null;
  readonly originOf: OriginReader;
  readonly services: Services;
  readonly metrics: Metrics;
  readonly maxBodyBytes: number;
  /** Whether an identity may come inside the body, so that it is not known before that has been read. */
  readonly identityInBody: boolean;
}

type MediaType = 'application/json' | 'application/graphql-response+json';

/**
 * `POST /graphql`, after the GraphQL over HTTP specification: JSON in, JSON out. GET is not served: a subgraph's
 * callers are gateways, and what a link or an image can trigger is a hole.
 */
export function graphqlRoute(options: GraphqlRouteOptions): Route {
  const scrub = createErrorScrubber(options.schema);
  const execute = createExecute(options.engine);
  return {
    path: '/graphql',
    metric: 'graphql',
    methods: ['POST'],
    async handle(request, info) {
      const accept = acceptedType(request.headers.accept);
      if (!accept) return refuse('BAD_USER_INPUT', 'application/json', { status: 406 });
      if (!isPlainJson(request)) return refuse('UNSUPPORTED_MEDIA_TYPE', accept);
      const header = await identifyByHeader(request, options);
      const limit = graphqlBody(header, options.maxBodyBytes, options.identityInBody);
      const body = await info.body.read(limit);
      if (!body.ok) return refuse(body.error, accept, { message: bodyRefusal(body, limit) });
      const params = toParams(parseJson(body.value));
      if (!params) return refuse('BAD_USER_INPUT', accept);
      const { receivedAt } = info;
      const signature = checkSignature(params, options, receivedAt);
      if (!signature.ok) return refuse(signature.error, accept);
      const { signed, facts } = signature.value;
      const identity = options.identityInBody
        ? await identify(request, options, { extensions: params.extensions, signed })
        : header;
      const tooLong = documentProblem(params.query ?? '', identity);
      if (tooLong) return refuse('REQUEST_ENTITY_TOO_LARGE', accept, { message: tooLong });
      if (isSignedIn(identity) && !info.body.vouch())
        return refuse('SERVICE_UNAVAILABLE', accept, { message: noRoom });
      const origin = options.originOf(request, facts);
      const { services } = options;
      const eventRoom = createEventRoom(services.maxBatch);
      const context = { identity, origin, receivedAt, eventRoom, services };
      return replyTo(await execute({ params, context }), accept, scrub);
    },
  };
}

interface Operation {
  readonly params: GraphqlParams;
  readonly context: GraphQLContext;
}

/** Runs an operation on the engine, which sees neither headers nor extensions of the request. */
function createExecute(engine: Engine): (operation: Operation) => Promise<ExecutionResult> {
  return async ({ params: { extensions: _, ...params }, context }) => {
    // Plugins of the engine may look at method and URL; headers stay here, so that no plugin can log them.
    const request = {
      method: 'POST',
      url: 'http://localhost/graphql',
      headers: new Headers(),
    } as unknown as Request;
    const serverContext = context as GraphQLContext & Parameters<Engine['getResultForParams']>[1];
    const result = await engine.getResultForParams({ params: params as never, request }, serverContext);
    return result as ExecutionResult;
  };
}

function replyTo(
  result: ExecutionResult,
  accept: MediaType,
  scrub: (error: GraphQLError) => WireError,
): Reply {
  const errors = result.errors?.map(scrub);
  const executed = 'data' in result && result.data !== undefined;
  const body = { ...(errors && errors.length > 0 && { errors }), ...(executed && { data: result.data }) };
  const code = errors?.[0]?.extensions.code;
  // A request that did not reach execution is 4xx only for clients that know the newer media type.
  const status =
    executed || !code || (accept === 'application/json' && errorCodes[code].httpStatus < 500)
      ? 200
      : errorCodes[code].httpStatus;
  return { ...json(status, body), contentType: `${accept}; charset=utf-8` };
}

/** A refusal before execution: a transport status, and a body that GraphQL clients and gateways understand. */
function refuse(
  code: ErrorCode,
  accept: MediaType,
  { status, message }: { readonly status?: number; readonly message?: string | undefined } = {},
): Reply {
  const { httpStatus, meaning, retryable } = errorCodes[code];
  const error = { message: message ?? meaning, extensions: { code, retryable } };
  return {
    ...json(status ?? httpStatus, { errors: [error] }, retryHeaders(code)),
    contentType: `${accept}; charset=utf-8`,
  };
}

const parameterNames = ['query', 'variables', 'operationName', 'extensions'];

/** The parameters of a GraphQL request, or null: no batches, no unknown keys, no wrong types. */
function toParams(value: unknown): GraphqlParams | null {
  if (!isObject(value)) return null;
  if (Object.keys(value).some((key) => !parameterNames.includes(key))) return null;
  const { query, variables, operationName, extensions } = value;
  if (typeof query !== 'string') return null;
  if (variables != null && !isObject(variables)) return null;
  if (extensions != null && !isObject(extensions)) return null;
  if (operationName != null && typeof operationName !== 'string') return null;
  return value;
}

/** The first of our two media types that the client takes; JSON where it does not care. Null: neither. */
function acceptedType(header: string | undefined): MediaType | null {
  if (!header) return 'application/json';
  for (const range of header.split(',')) {
    const type = range.split(';', 1)[0]?.trim().toLowerCase();
    if (type === 'application/graphql-response+json') return type;
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'application/json';
  }
  return null;
}
