/**
 * Where a value stands inside the value that is looked at. It costs one small object on the way; `pathTo` makes the
 * path, and only when something was found.
 */
export interface Place {
  /** The place of the object or array that holds it; null for the whole value. */
  readonly parent: Place | null;
  /** Its key or its index there. The whole value has neither: nobody reads it. */
  readonly name: string | number;
}

/** Keys and indexes from the whole value to a member; empty for the whole. They are as they were sent. */
export type JsonPath = readonly (string | number)[];

export function pathTo(place: Place): JsonPath {
  const names: (string | number)[] = [];
  for (let at = place; at.parent !== null; at = at.parent) names.push(at.name);
  return names.reverse();
}

/** One step of a JSON pointer (RFC 6901, section 3), with its slash. */
export function pointerStep(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
