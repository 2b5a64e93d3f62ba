import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Authenticator } from '../auth/authenticator.js';
import type { GraphQLContext, Services } from '../graphql/context.js';
import { createErrorScrubber } from '../graphql/scrub-errors.js';
import type { Metrics } from '../observability/metrics.js';
import { bodyRefusal, documentRefusal, graphqlBody, isSignedIn } from './admission.js';
import { contentProblem } from './content-type.js';
import { toParams } from './graphql-params.js';
import { acceptedType, graphqlRefusal, graphqlReply } from './graphql-reply.js';
import {
  checkSignature,
  type GatewayTrust,
  type GraphqlParams,
  identify,
  identifyByHeader,
} from './identify.js';
import { parseJson } from './json-body.js';
import type { OriginReader } from './origin.js';
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
  /** Whether an identity may come inside the body, so that it is not known before that has been read. */
  readonly identityInBody: boolean;
}

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
    refuse: (code, request) =>
      graphqlRefusal(code, acceptedType(request.headers.accept) ?? 'application/json'),
    async handle(request, info) {
      const accept = acceptedType(request.headers.accept);
      if (!accept) return graphqlRefusal('notAcceptable', 'application/json');
      const problem = contentProblem(request);
      if (problem) return graphqlRefusal(problem, accept);
      const header = await identifyByHeader(request, options);
      const body = await info.body.read(graphqlBody(header, options.identityInBody));
      if (!body.ok) return graphqlRefusal(bodyRefusal(body.error, header, options.identityInBody), accept);
      const parsed = parseJson(body.value);
      if (!parsed.ok) return graphqlRefusal(parsed.error, accept);
      const checked = toParams(parsed.value);
      if (!checked.ok) return graphqlRefusal(checked.error, accept);
      const params = checked.value;
      const { receivedAt } = info;
      const signature = checkSignature(params, options, receivedAt);
      if (!signature.ok) return graphqlRefusal(signature.error, accept);
      const { signed, facts } = signature.value;
      const identity = options.identityInBody
        ? await identify(request, options, { extensions: params.extensions, signed })
        : header;
      const tooLong = documentRefusal(params.query ?? '', identity);
      if (tooLong) return graphqlRefusal(tooLong, accept);
      if (isSignedIn(identity) && !info.body.vouch()) return graphqlRefusal('noRoomForBody', accept);
      const origin = options.originOf(request, facts);
      const context = { identity, origin, receivedAt, services: options.services };
      return graphqlReply(await execute({ params, context }), accept, scrub);
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
    // Plugins of the engine may look at method and URL; what was sent stays here, so that no plugin can log it.
    const url = 'http://localhost/graphql';
    const request = { method: 'POST', url, headers: new Headers() } as unknown as Request;
    const serverContext = context as GraphQLContext & Parameters<Engine['getResultForParams']>[1];
    const result = await engine.getResultForParams({ params: params as never, request }, serverContext);
    return result as ExecutionResult;
  };
}
