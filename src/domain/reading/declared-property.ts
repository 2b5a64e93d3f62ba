import { isObject, type JsonObject, type Result } from '../../contract/index.js';
import type { Catalogue } from '../catalogue.js';
import type { PropertyType } from './plan.js';
import type { FilterInput } from './question.js';

/** The properties that a question can name, and what is wrong with others; goes on from an argument's name. */
export type DeclaredProperties = (name: string) => Result<PropertyType, string>;

/**
 * The properties of the one event type that the filter names. Without exactly one there are none: the same name may
 * mean something else in another event type.
 */
export function declaredProperties(
  filter: FilterInput | null | undefined,
  catalogue: Catalogue,
): DeclaredProperties {
  const [eventType, ...others] = new Set(filter?.eventType ?? []);
  if (eventType === undefined || others.length > 0)
    return () => ({ ok: false, error: 'needs exactly one event type in input.filter.eventType' });
  const schema = catalogue.eventTypes.get(eventType)?.schema ?? {};
  return (name) => {
    const property = propertyOf(schema, name);
    if (!property) return { ok: false, error: 'is not declared by the event type' };
    const type = typeOf(property);
    return type ? { ok: true, value: type } : { ok: false, error: 'is a list or an object' };
  };
}

function propertyOf(schema: JsonObject, name: string): Readonly<Record<string, unknown>> | null {
  const { properties } = schema;
  if (!isObject(properties) || !Object.hasOwn(properties, name)) return null;
  const property = properties[name];
  return isObject(property) ? property : null;
}

/** Every property of a catalogue has exactly one type. */
function typeOf({ type }: Readonly<Record<string, unknown>>): PropertyType | null {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      return type;
    case 'integer':
      return 'number';
    default:
      return null;
  }
}
