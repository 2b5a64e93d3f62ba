import {
  type EventDimension,
  eventDimensions,
  type JsonValue,
  limits,
  type Result,
  readingLimits,
} from '../../contract/index.js';
import { isCleanText } from '../privacy/shape/text.js';
import { type BadArgument, bad } from './bad-argument.js';
import type { DeclaredProperties } from './declared-property.js';
import type { Condition, PropertyType, StatsFilter } from './plan.js';
import type { FilterInput, PropertyFilterInput } from './question.js';

/** Values in all lists of a filter together. */
const maxValuesInAll = 10_000;

/**
 * The filter of a plan, condition by condition: a caller never shapes one of their own. A list that is empty matches
 * nothing. `not` negates its whole object; an empty object holds for everything, so that its negation matches nothing.
 */
export function readFilter(
  input: FilterInput | null | undefined,
  declared: DeclaredProperties,
): Result<StatsFilter, BadArgument> {
  const filter = input ?? {};
  const problem = firstProblem(filter, { name: 'input.filter', depth: 0, values: 0 }, declared);
  return problem ? { ok: false, error: problem } : { ok: true, value: toFilter(filter) };
}

/** Where a filter stands within others, and how many values those others have. */
interface Place {
  readonly name: string;
  readonly depth: number;
  readonly values: number;
}

function firstProblem(filter: FilterInput, place: Place, declared: DeclaredProperties): BadArgument | null {
  if (place.depth > readingLimits.maxFilterDepth)
    return problem(place.name, `is nested more than ${readingLimits.maxFilterDepth} deep`);
  const values = place.values + countValues(filter);
  return (
    dimensionsProblem(filter, place.name) ??
    propertiesProblem(filter, place.name, declared) ??
    (values > maxValuesInAll
      ? problem(place.name, `lists more than ${maxValuesInAll} values in all`)
      : null) ??
    (filter.not
      ? firstProblem(filter.not, { name: `${place.name}.not`, depth: place.depth + 1, values }, declared)
      : null)
  );
}

function problem(argument: string, text: string): BadArgument {
  return bad(argument, text).error;
}

function countValues(filter: FilterInput): number {
  const lists = [
    ...dimensions.map((dimension) => listOf(filter, dimension)),
    filter.none,
    ...(filter.properties ?? []).map((property) => property.in),
  ];
  return lists.reduce((count, list) => count + (list?.length ?? 0), 0);
}

const dimensions = Object.keys(eventDimensions) as EventDimension[];

/** The values that a dimension may have; null where the filter does not say. */
function listOf(filter: FilterInput, dimension: EventDimension): readonly (string | number)[] | null {
  const value = filter[eventDimensions[dimension].field];
  if (value == null) return null;
  return typeof value === 'string' ? [value] : value;
}

function dimensionsProblem(filter: FilterInput, name: string): BadArgument | null {
  for (const dimension of dimensions) {
    const found = listProblem(listOf(filter, dimension) ?? [], `${name}.${eventDimensions[dimension].field}`);
    if (found) return found;
  }
  const { routePrefix, none } = filter;
  if (none && none.length > limits.maxFilterValues) return tooMany(`${name}.none`);
  if (routePrefix == null) return null;
  if (routePrefix === '') return problem(`${name}.routePrefix`, 'is empty');
  return textProblem(routePrefix, `${name}.routePrefix`);
}

function listProblem(values: readonly JsonValue[], name: string): BadArgument | null {
  if (values.length > limits.maxFilterValues) return tooMany(name);
  for (const value of values) {
    const found = typeof value === 'string' ? textProblem(value, name) : null;
    if (found) return found;
  }
  return null;
}

function tooMany(name: string): BadArgument {
  return problem(name, `lists more than ${limits.maxFilterValues} values`);
}

function textProblem(text: string, name: string): BadArgument | null {
  if (text.length > limits.maxFilterTextLength)
    return problem(name, `is longer than ${limits.maxFilterTextLength} characters`);
  return isCleanText(text) ? null : problem(name, 'holds a control character or half a surrogate pair');
}

function propertiesProblem(
  { properties }: FilterInput,
  name: string,
  declared: DeclaredProperties,
): BadArgument | null {
  if (!properties) return null;
  if (properties.length > readingLimits.maxStatsProperties)
    return problem(`${name}.properties`, `lists more than ${readingLimits.maxStatsProperties} properties`);
  for (const [index, property] of properties.entries()) {
    const found = propertyProblem(property, `${name}.properties[${index}]`, declared);
    if (found) return found;
  }
  return null;
}

function propertyProblem(
  property: PropertyFilterInput,
  name: string,
  declared: DeclaredProperties,
): BadArgument | null {
  const type = declared(property.name);
  if (!type.ok) return problem(`${name}.name`, type.error);
  const { in: values, gte, lt } = property;
  if (values == null && gte == null && lt == null) return problem(name, 'needs one of in, gte and lt');
  return (
    (values ? listProblem(values, `${name}.in`) : null) ??
    (values?.every((value) => isOfType(value, type.value)) === false
      ? problem(`${name}.in`, `holds a value that is neither null nor a ${words[type.value]}`)
      : null) ??
    boundProblem(gte, type.value, `${name}.gte`) ??
    boundProblem(lt, type.value, `${name}.lt`)
  );
}

const words: Readonly<Record<PropertyType, string>> = {
  number: 'number',
  string: 'text',
  boolean: 'boolean',
};

function isOfType(value: JsonValue, type: PropertyType): boolean {
  if (value === null) return true;
  if (typeof value === 'number' && !Number.isFinite(value)) return false;
  return typeof value === type;
}

function boundProblem(
  bound: number | null | undefined,
  type: PropertyType,
  name: string,
): BadArgument | null {
  if (bound == null) return null;
  if (type !== 'number') return problem(name, 'is a bound of a property that is no number');
  return Number.isFinite(bound) ? null : problem(name, 'is not a finite number');
}

/** Of a filter in which no problem was found. */
function toFilter(filter: FilterInput): StatsFilter {
  const { routePrefix, none, properties, not } = filter;
  return {
    all: [
      ...dimensions.flatMap((dimension) => toCondition(dimension, listOf(filter, dimension))),
      ...(routePrefix == null ? [] : [{ dimension: 'ROUTE', prefix: routePrefix } as const]),
      ...[...new Set(none ?? [])].map((dimension) => ({ dimension, in: [null] })),
      ...(properties ?? []).flatMap(toPropertyConditions),
    ],
    not: not ? toFilter(not) : null,
  };
}

function toCondition(dimension: EventDimension, values: readonly (string | number)[] | null): Condition[] {
  return values ? [{ dimension, in: [...new Set(values.map(String))] }] : [];
}

function toPropertyConditions({ name, in: values, gte, lt }: PropertyFilterInput): Condition[] {
  const conditions: Condition[] = [];
  // What is in the list was found to be neither a list nor an object.
  if (values)
    conditions.push({ property: name, in: [...new Set(values as (string | number | boolean | null)[])] });
  if (gte != null || lt != null) conditions.push({ property: name, gte: gte ?? null, lt: lt ?? null });
  return conditions;
}
