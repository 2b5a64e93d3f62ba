import { type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import { rootFields } from './root-fields.js';

/** How many events each tracking field carries. */
const eventsOf: Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => number>> = {
  trackEvent: () => 1,
  trackEvents: ({ input }) => (input as { readonly events: readonly unknown[] }).events.length,
};

/**
 * How many events all tracking fields of a mutation carry together. An argument that does not fit its type counts
 * nothing: its own field says so.
 */
export function eventsInRequest(info: GraphQLResolveInfo): number {
  const known = info.parentType.getFields();
  let sum = 0;
  for (const node of rootFields(info)) {
    const definition = known[node.name.value];
    const count = eventsOf[node.name.value];
    if (!definition || !count) continue;
    try {
      sum += count(getArgumentValues(definition, node, info.variableValues));
    } catch {
      // Executing the field refuses it.
    }
  }
  return sum;
}
