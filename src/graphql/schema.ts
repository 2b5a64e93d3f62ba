import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';
import { type Builder, createBuilder } from './builder.js';
import { type FederationOptions, linkDirective, registerFederation } from './federation.js';
import { loadEvents, registerAnalyticsEvent } from './types/analytics-event.js';
import { registerEventCatalog } from './types/event-catalog.js';
import { registerEventDimension } from './types/event-dimension.js';
import { registerEventStats } from './types/event-stats.js';
import { registerEvents } from './types/events.js';
import { registerScalars } from './types/scalars.js';
import { registerTrackEvents } from './types/track-events.js';

/** The subgraph's schema, with federation's own fields. What it answers comes from the services of the context. */
export function buildSchema(): GraphQLSchema {
  return assemble({ sdl: printSchema(), entities: { AnalyticsEvent: loadEvents } });
}

/** The SDL that `schema.graphql` holds and `_service { sdl }` answers: what gateways compose. */
export function printSchema(): string {
  return `${printSchemaWithDirectives(assemble(null))}\n`;
}

function assemble(federation: FederationOptions | null): GraphQLSchema {
  const builder: Builder = createBuilder();
  builder.queryType({});
  builder.mutationType({});
  registerScalars(builder);
  registerTrackEvents(builder);
  const EventDimension = registerEventDimension(builder);
  registerEvents(builder, registerAnalyticsEvent(builder), EventDimension);
  registerEventStats(builder, EventDimension);
  registerEventCatalog(builder);
  if (federation) registerFederation(builder, federation);
  return builder.toSchema({ sortSchema: false, extensions: { directives: linkDirective } });
}
