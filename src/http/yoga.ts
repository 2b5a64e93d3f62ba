import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Log } from '../domain/ports/index.js';
import type { GraphQLContext } from '../graphql/context.js';
import { describeError } from '../observability/log.js';
import { documentCachePlugin } from './document-cache.js';
import { limitPlugins } from './limits.js';

export interface EngineOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly log: Log;
}

/**
 * GraphQL Yoga as the engine: parsing, validation (remembered), limits, execution, masking. Its HTTP layer is not
 * used: what it would do for a plain JSON POST is done before it, for less (docs/adr/0005). Masking is never off: an
 * unexpected error is logged without its message and answered as INTERNAL_SERVER_ERROR.
 */
export function createEngine({ schema, introspection, log }: EngineOptions) {
  return createYoga<GraphQLContext>({
    schema,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    batching: false,
    maxRequestBodySize: false,
    logging: false,
    // Yoga's own cache keeps texts, parsed documents and errors.
    parserAndValidationCache: false,
    plugins: [...limitPlugins({ introspection }), documentCachePlugin(schema)],
    maskedErrors: {
      isDev: false,
      maskError: (error) => {
        if (error instanceof GraphQLError && isOriginal(error)) {
          const { cause } = error.originalError ?? error;
          if (cause !== undefined) log.warn(describeError(cause), 'the store could not be asked');
          return error;
        }
        log.error(describeError(innermost(error)), 'unexpected error in a resolver');
        return new GraphQLError('Unexpected error.', {
          ...(error instanceof GraphQLError && { nodes: error.nodes ?? null, path: error.path ?? null }),
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        });
      },
    },
  });
}

export type Engine = ReturnType<typeof createEngine>;

/** A GraphQL error that no other kind of error hides in. */
function isOriginal(error: GraphQLError): boolean {
  return (
    error.originalError == null ||
    (error.originalError instanceof GraphQLError && isOriginal(error.originalError))
  );
}

function innermost(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error;
}
