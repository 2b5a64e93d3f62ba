import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { JsonValue } from '../contract/index.js';
import type { GraphQLContext } from './context.js';
import { codedError } from './errors.js';
import { type EventModels, modelOptions } from './event-model.js';

interface SchemaTypes {
  Context: GraphQLContext;
  PrismaTypes: EventModels;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  DefaultInputFieldRequiredness: false;
  AuthScopes: { signedIn: boolean; admin: boolean };
  Scalars: {
    JSON: { Input: JsonValue; Output: JsonValue };
    SafeInt: { Input: number; Output: number };
    DateTime: { Input: Date; Output: Date };
    _Any: { Input: unknown; Output: unknown };
    ID: { Input: string; Output: string };
  };
  Connection: { totalCount: () => Promise<number> };
}

/** Plugins, scalars, scopes; no types. A function, not a module-level object: two schemas can live in one process. */
export function createBuilder() {
  return new SchemaBuilder<SchemaTypes>({
    plugins: [ScopeAuthPlugin, RelayPlugin, PrismaPlugin],
    defaultFieldNullability: false,
    relay: {
      nodeQueryOptions: false,
      nodesQueryOptions: false,
      clientMutationId: 'omit',
      cursorType: 'String',
      // Other subgraphs have a PageInfo too.
      pageInfoTypeOptions: { extensions: { directives: { shareable: {} } } },
      edgesFieldOptions: { nullable: { list: false, items: false } },
      nodeFieldOptions: { nullable: false },
    },
    prisma: modelOptions,
    scopeAuth: {
      // A scope map is an OR in Pothos; admin is therefore a scope of its own that includes being signed in.
      authScopes: ({ identity }) => ({
        signedIn: identity.ok && identity.value.kind !== 'anonymous',
        admin: identity.ok && identity.value.kind !== 'anonymous' && identity.value.isAdmin,
      }),
      unauthorizedError: (_parent, { identity }) => {
        if (!identity.ok) return codedError(identity.error);
        return codedError(identity.value.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
      },
    },
  });
}

export type Builder = ReturnType<typeof createBuilder>;
