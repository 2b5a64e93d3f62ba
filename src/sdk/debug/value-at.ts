import { field as member } from '../../client/json-field.js';

/** What a JSON pointer (RFC 6901) points to; undefined where there is nothing. */
export function valueAt(root: unknown, pointer: string): unknown {
  const names = pointer.split('/').slice(1);
  return names.reduce<unknown>((value, name) => ownMember(value, decoded(name)), root);
}

/** `Reflect.get` would also find what every object inherits. */
function ownMember(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? member(value, name)
    : undefined;
}

const decoded = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');
