import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { WantedStats } from '../domain/reading/question.js';

/** What a document asks of a statistic, wherever below the field that is resolved. */
export function wantedStats(info: GraphQLResolveInfo): WantedStats {
  const selected = selectedBelow(info, info.returnType, info.fieldNodes);
  const names = new Set(selected.map(({ node }) => node.name.value));
  const properties = selected
    .filter(({ node }) => node.name.value === 'property')
    .map(({ definition, node }) => String(getArgumentValues(definition, node, info.variableValues).name));
  return {
    visitors: names.has('visitors') || names.has('sumOfDailyVisitors'),
    sessions: names.has('sessions') || names.has('sumOfDailySessions'),
    points: names.has('points'),
    properties: [...new Set(properties)],
  };
}

interface SelectedField {
  readonly definition: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

/** Aliases and fragments are resolved; what `@skip` and `@include` leave out is not there. */
function selectedBelow(
  info: GraphQLResolveInfo,
  output: GraphQLOutputType,
  nodes: readonly FieldNode[],
): readonly SelectedField[] {
  const type = getNamedType(output);
  if (!isObjectType(type)) return [];
  return subFields(info, type, nodes).flatMap((same) => {
    const [node] = same;
    const definition = node && type.getFields()[node.name.value];
    // `__typename` has no definition.
    if (!definition) return [];
    return [{ definition, node }, ...selectedBelow(info, definition.type, same)];
  });
}

/** The fields of one answer key are together: they select below one and the same field. */
function subFields(
  { schema, fragments, variableValues }: GraphQLResolveInfo,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): readonly FieldNode[][] {
  const { fields } = collectSubFields(schema, fragments, variableValues as never, type, [...nodes]);
  return [...fields.values()];
}
