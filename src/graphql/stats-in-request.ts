import type { GraphQLResolveInfo } from 'graphql';
import { readingLimits } from '../contract/index.js';
import { badArgument } from './arguments.js';
import type { GraphQLContext } from './context.js';
import { rootFields } from './root-fields.js';

/** What was counted for a request, so that many fields are counted once. */
const counted = new WeakMap<GraphQLContext, number>();

/** A request asks for no more statistics than a dashboard shows: otherwise for none of them. Throws BAD_USER_INPUT. */
export function refuseManyStats(context: GraphQLContext, info: GraphQLResolveInfo): void {
  const count = counted.get(context) ?? countStats(info);
  counted.set(context, count);
  if (count > readingLimits.maxStatsPerRequest)
    throw badArgument(
      'eventStats',
      `stands more than ${readingLimits.maxStatsPerRequest} times in one request`,
    );
}

function countStats(info: GraphQLResolveInfo): number {
  return rootFields(info).filter(({ name }) => name.value === info.fieldName).length;
}
