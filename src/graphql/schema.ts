import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';
import type { PrismaClient } from '../generated/prisma/client.js';
import { type Builder, createBuilder } from './builder.js';
import { type FederationOptions, linkDirective, registerFederation } from './federation.js';
import { registerEventCatalog } from './types/event-catalog.js';
import { loadEvents, registerEvents } from './types/events.js';
import { registerScalars } from './types/scalars.js';
import { registerTrackEvents } from './types/track-events.js';

/** The subgraph's schema, with federation's own fields. No database is touched before a query asks for `prisma()`. */
export function buildSchema(prisma: () => PrismaClient): GraphQLSchema {
  return assemble(prisma, { sdl: printSchema(prisma), entities: { AnalyticsEvent: loadEvents(prisma) } });
}

/** The SDL that `schema.graphql` holds and `_service { sdl }` answers: what gateways compose. */
export function printSchema(prisma: () => PrismaClient = noDatabase): string {
  return `${printSchemaWithDirectives(assemble(prisma, null))}\n`;
}

function assemble(prisma: () => PrismaClient, federation: FederationOptions | null): GraphQLSchema {
  const builder: Builder = createBuilder(prisma);
  builder.queryType({});
  builder.mutationType({});
  registerScalars(builder);
  registerTrackEvents(builder);
  registerEvents(builder, prisma);
  registerEventCatalog(builder);
  if (federation) registerFederation(builder, federation);
  return builder.toSchema({ sortSchema: false, extensions: { directives: linkDirective } });
}

function noDatabase(): never {
  throw new Error('printing a schema runs no query');
}
