import { uuidPattern } from '../../uuid.js';
import { isDangerousKey } from '../shape/dangerous-keys.js';
import { isIdLike } from '../shape/id-like.js';
import { type JsonPath, pointerStep } from '../shape/json-pointer.js';
import { piiKind } from './pii-values.js';

const plainName = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
// Whatever stands between them: `tel415-555-0123`, `v192.0.2.7`.
const longNumber = /(?:\d[_.-]*){5}|\d(?:[_.-]\d+){3}/;
// UUIDs and ULIDs. Glued to a word they are no longer the whole text, which is what isIdLike knows best.
const idInside = new RegExp(`${uuidPattern('[-_]?')}|[0-7][0-9a-hjkmnp-tv-z]{25}`, 'i');

/**
 * Whether the name of a property may be shown to whoever sent it and to whoever reads what was refused: it is
 * spelt like a name in a program, and holds no value. Five digits or four numbers in a row are a value; so are
 * ids, and what `piiKind` finds. `userEmail` may be shown: the developer has to learn which property it was.
 */
export function isHarmlessName(name: string): boolean {
  return (
    plainName.test(name) &&
    !longNumber.test(name) &&
    !isDangerousKey(name) &&
    !idInside.test(name) &&
    !isIdLike(name) &&
    piiKind(name) === null
  );
}

/**
 * The pointer of a member; that of its parent where the name is not harmless, and then nothing may be added to
 * it. An index is harmless.
 */
export function childPointer(parent: string, name: string | number): string {
  return typeof name === 'number' || isHarmlessName(name) ? parent + pointerStep(name) : parent;
}

/**
 * The JSON pointer of a path: '' is the whole value. It ends before the first name that is not harmless, so that it
 * holds no value and still points at something that is there.
 */
export function harmlessPointer(path: JsonPath): string {
  let pointer = '';
  for (const name of path) {
    const longer = childPointer(pointer, name);
    if (longer === pointer) break;
    pointer = longer;
  }
  return pointer;
}
