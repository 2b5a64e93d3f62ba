import { collectFields } from '@graphql-tools/utils';
import { type GraphQLResolveInfo, getArgumentValues } from 'graphql';

/** How many events each tracking field carries. */
const eventsOf: Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => number>> = {
  trackEvent: () => 1,
  trackEvents: ({ input }) => (input as { readonly events: readonly unknown[] }).events.length,
};

/**
 * How many events all tracking fields of a mutation carry together: a gateway may join several, and an alias costs a
 * caller nothing. Fields that `@skip` and `@include` leave out do not count. An argument that does not fit its type
 * counts nothing: its own field says so.
 */
export function eventsInRequest({
  schema,
  fragments,
  variableValues,
  operation,
  parentType,
}: GraphQLResolveInfo): number {
  const { fields } = collectFields(schema, fragments, variableValues, parentType, operation.selectionSet);
  let sum = 0;
  for (const [node] of fields.values()) {
    const definition = node && parentType.getFields()[node.name.value];
    const count = node && eventsOf[node.name.value];
    if (!definition || !count) continue;
    try {
      sum += count(getArgumentValues(definition, node, variableValues));
    } catch {
      // Executing the field refuses it.
    }
  }
  return sum;
}
