import type { EventDimension } from '../../../contract/index.js';
import type { Condition, GroupKey, StatsFilter } from '../../../domain/reading/plan.js';
import type { Parameters } from './parameters.js';

/** Where a statement finds a word as text, and a property as JSON. */
export interface Columns {
  word(dimension: EventDimension): string;
  /** Null where the rows hold no properties. */
  readonly properties: string | null;
}

/**
 * A filter as a condition of `WHERE`, which takes null for false. A negation holds where there is no value, so what is
 * within one is never null. Elsewhere conditions stand as they are: only so are they found in an index and estimated.
 */
export function filterSql(filter: StatsFilter, columns: Columns, parameters: Parameters): string {
  const all = filter.all.map((condition) => conditionSql(condition, columns, parameters));
  const not = filter.not ? [`NOT coalesce(${filterSql(filter.not, columns, parameters)}, false)`] : [];
  return [...all, ...not].join(' AND ') || 'true';
}

function conditionSql(condition: Condition, columns: Columns, parameters: Parameters): string {
  if ('prefix' in condition) {
    const column = columns.word(condition.dimension);
    return `starts_with(${column}, ${parameters.add(condition.prefix, 'text')})`;
  }
  if ('dimension' in condition)
    return amongSql(columns.word(condition.dimension), condition.in, parameters, 'text');
  // A parameter that no text names is refused.
  if ('in' in condition && condition.in.length === 0) return 'false';
  const name = parameters.add(condition.property, 'text');
  const value = `(${columns.properties}->${name})`;
  if ('in' in condition) return propertyAmongSql(value, condition.in, parameters);
  const number = numberSql(value);
  const { gte, lt } = condition;
  const least = gte === null ? [] : [`${number} >= ${parameters.add(String(gte), 'numeric')}`];
  const most = lt === null ? [] : [`${number} < ${parameters.add(String(lt), 'numeric')}`];
  return [`${number} IS NOT NULL`, ...least, ...most].join(' AND ');
}

function amongSql(
  column: string,
  wanted: readonly (string | null)[],
  parameters: Parameters,
  type: string,
): string {
  const values = wanted.filter((value) => value !== null);
  const some = `${column} = ANY(${parameters.add(values, `${type}[]`)})`;
  return values.length === wanted.length ? some : `(${column} IS NULL OR ${some})`;
}

function propertyAmongSql(
  value: string,
  wanted: readonly (string | number | boolean | null)[],
  parameters: Parameters,
): string {
  const texts = wanted.filter((one) => typeof one === 'string');
  const numbers = wanted.filter((one) => typeof one === 'number').map(String);
  const booleans = wanted.filter((one) => typeof one === 'boolean').map(String);
  const ofType = (type: string, list: readonly string[]): string[] =>
    list.length === 0
      ? []
      : [`(json_typeof(${value}) = '${type}' AND ${value}#>>'{}' = ANY(${parameters.add(list, 'text[]')}))`];
  const anyOf = [
    ...ofType('string', texts),
    ...ofType('boolean', booleans),
    ...(numbers.length > 0 ? [`${numberSql(value)} = ANY(${parameters.add(numbers, 'numeric[]')})`] : []),
    ...(wanted.includes(null) ? [`coalesce(json_typeof(${value}), 'null') NOT IN ${valueTypes}`] : []),
  ];
  return `(${anyOf.join(' OR ')})`;
}

/** What counts as a value: a list and an object are as nothing. */
const valueTypes = `('string', 'number', 'boolean')`;

/** The decimal that was written down; null for what is no number. */
export function numberSql(value: string): string {
  return `(CASE json_typeof(${value}) WHEN 'number' THEN (${value}#>>'{}')::numeric END)`;
}

/** What rows are told apart by, as one list of texts: lists are equal where their nulls are, and null sorts last. */
export function keySql(groupBy: readonly GroupKey[], columns: Columns, parameters: Parameters): string {
  const parts = groupBy.map((key) => {
    if ('dimension' in key) return columns.word(key.dimension);
    const value = `(${columns.properties}->${parameters.add(key.property, 'text')})`;
    return `(CASE WHEN json_typeof(${value}) IN ${valueTypes} THEN ${value}#>>'{}' END)`;
  });
  return `ARRAY[${parts.join(', ')}]::text[]`;
}

/** Every dimension that a filter names, and whether it names a property. */
export function namedIn(filter: StatsFilter): {
  readonly dimensions: ReadonlySet<EventDimension>;
  readonly properties: boolean;
} {
  const dimensions = new Set<EventDimension>();
  let properties = false;
  for (let at: StatsFilter | null = filter; at; at = at.not)
    for (const condition of at.all) {
      if ('dimension' in condition) dimensions.add(condition.dimension);
      else properties = true;
    }
  return { dimensions, properties };
}
