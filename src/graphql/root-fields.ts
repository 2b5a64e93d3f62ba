import { collectFields } from '@graphql-tools/utils';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';

/**
 * The fields that an operation asks of its root type, aliases and fragments resolved: what a gateway has joined, and
 * what costs a caller nothing to repeat. Fields that `@skip` and `@include` leave out are not among them.
 */
export function rootFields({
  schema,
  fragments,
  variableValues,
  operation,
  parentType,
}: GraphQLResolveInfo): readonly FieldNode[] {
  const { fields } = collectFields(schema, fragments, variableValues, parentType, operation.selectionSet);
  return [...fields.values()].flatMap(([first]) => first ?? []);
}
