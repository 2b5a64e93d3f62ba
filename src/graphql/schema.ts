import type { GraphQLSchema } from 'graphql';
import type { PrismaClient } from '../generated/prisma/client.js';
import { createBuilder } from './builder.js';
import { registerEventCatalog } from './types/event-catalog.js';
import { registerEvents } from './types/events.js';
import { registerScalars } from './types/scalars.js';
import { registerTrackEvents } from './types/track-events.js';

/** The lowest federation version that has what we use. */
const federationSpec = 'https://specs.apollo.dev/federation/v2.6';

/** The subgraph's schema. Pure: no database is touched before a query asks for `prisma()`. */
export function buildSchema(prisma: () => PrismaClient): GraphQLSchema {
  const builder = createBuilder(prisma);
  builder.queryType({});
  builder.mutationType({});
  registerScalars(builder);
  registerTrackEvents(builder);
  registerEvents(builder, prisma);
  registerEventCatalog(builder);
  return builder.toSubGraphSchema({ linkUrl: federationSpec, federationDirectives: ['@key', '@shareable'] });
}
