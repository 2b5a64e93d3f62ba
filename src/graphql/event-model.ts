import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import type { EventDimensions } from '../domain/event.js';
import type { EventField, FoundEvent } from '../domain/ports/index.js';
import type PrismaTypes from '../generated/pothos.js';
import { getDatamodel } from '../generated/pothos.js';
import type { GraphQLContext } from './context.js';

// The one file of the read side that knows what Prisma generates: Pothos takes the model of an event from it, and
// works out from a query which columns are wanted. Rows come from the reader port.

/** Prisma's models as Pothos knows them, with what the reader port answers in the place of rows. */
export interface EventModels {
  Event: Omit<PrismaTypes['Event'], 'Shape' | 'Relations'> & {
    Shape: Omit<FoundEvent, 'dimensions'>;
    Relations: { dimensions: { Shape: EventDimensions; Name: 'EventDimensions'; Nullable: false } };
  };
  EventDimensions: PrismaTypes['EventDimensions'];
}

/** What the plugin is given. It would ask Prisma itself only for a field that `wantedFields` has missed. */
export const modelOptions = {
  dmmf: getDatamodel(),
  client: (): never => {
    throw new Error('A field of AnalyticsEvent was resolved without being asked for.');
  },
};

/** The fields of the type AnalyticsEvent that a query wants, at the end of `path` below the field that is resolved. */
export function wantedFields(
  context: GraphQLContext,
  info: GraphQLResolveInfo,
  path: readonly string[] = [],
): readonly EventField[] {
  const { select } = queryFromInfo({
    context,
    info,
    typeName: 'AnalyticsEvent',
    paths: [[...path]],
    select: { id: true, createdAt: true },
  });
  const { id: _, createdAt: __, ...rest } = select;
  return Object.keys(rest) as EventField[];
}
