import type { GraphQLResolveInfo } from 'graphql';
import { limits } from '../contract/index.js';
import { badArgument } from './arguments.js';
import type { Builder } from './builder.js';
import type { GraphQLContext } from './context.js';

/** The lowest version of the federation specification that has what we use. */
const specification = 'https://specs.apollo.dev/federation/v2.6';

/** What `extend schema @link` says; printed with the schema. */
export const linkDirective = { link: { url: specification, import: ['@key', '@shareable'] } } as const;

/** Loads what a gateway refers to by key: one answer per representation, in order; null where there is nothing. */
export type EntityLoader = (
  representations: readonly Readonly<Record<string, unknown>>[],
  context: GraphQLContext,
  info: GraphQLResolveInfo,
) => Promise<readonly (object | null)[]>;

export interface FederationOptions {
  /** The schema without the fields below: what `_service { sdl }` answers. */
  readonly sdl: string;
  /** Loaders by type name; every type with `@key` has one. */
  readonly entities: Readonly<Record<string, EntityLoader>>;
}

/**
 * The machinery of Apollo Federation 2 (https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec):
 * `_Any`, `_Entity`, `_Service`, `_entities`, `_service`. By hand, because the library for it brings code under the
 * Elastic License to run time or wants Node 22 (docs/adr/0011).
 */
export function registerFederation(builder: Builder, { sdl, entities }: FederationOptions): void {
  const Any = builder.scalarType('_Any', {
    description: 'A representation of an entity: its type name and key.',
    serialize: (value) => value,
    parseValue: (value) => value,
  });
  const Service = builder.objectRef<{ sdl: string }>('_Service').implement({
    fields: (t) => ({ sdl: t.exposeString('sdl') }),
  });
  const Entity = builder.unionType('_Entity', {
    types: Object.keys(entities) as never,
    resolveType: (value) => typeNames.get(value as object) as never,
  });
  const typeNames = new WeakMap<object, string>();

  builder.queryField('_service', (t) => t.field({ type: Service, resolve: () => ({ sdl }) }));
  builder.queryField('_entities', (t) =>
    t.field({
      type: [Entity],
      nullable: { list: false, items: true },
      args: { representations: t.arg({ type: [Any], required: true }) },
      resolve: async (_root, { representations }, context, info) => {
        if (representations.length > limits.maxRepresentations)
          throw badArgument('representations', `lists more than ${limits.maxRepresentations} values`);
        const wanted = representations.map(toRepresentation);
        const found: (object | null)[] = wanted.map(() => null);
        for (const [typeName, load] of Object.entries(entities)) {
          const places = wanted.flatMap((one, place) => (one.__typename === typeName ? [place] : []));
          if (places.length === 0) continue;
          const loaded = await load(
            places.map((place) => wanted[place] ?? {}),
            context,
            info,
          );
          places.forEach((place, index) => {
            const entity = loaded[index] ?? null;
            found[place] = entity;
            if (entity) typeNames.set(entity, typeName);
          });
        }
        return found as never;
      },
    }),
  );
}

function toRepresentation(value: unknown): Readonly<Record<string, unknown>> {
  if (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { __typename?: unknown }).__typename === 'string'
  ) {
    return value as Record<string, unknown>;
  }
  throw badArgument('representations', 'holds something other than an object with __typename and its key');
}
