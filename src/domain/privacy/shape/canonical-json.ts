import { isContainer } from '../../../contract/index.js';

/** What is still to be written: text as it is, or a value. */
type Piece = { readonly text: string } | { readonly value: unknown };

/**
 * One text for one JSON value: keys sorted by UTF-16 code unit at every depth, no white space, texts and numbers as
 * `JSON.stringify` writes them. Ids of events and signatures of gateways are made of it, so its bytes never change;
 * they are those of `json-stable-stringify`. Two values that are equal as JSON give the same text.
 *
 * What is not JSON (undefined, a function, a symbol, a bigint) is left out of an object and is `null` elsewhere;
 * `toJSON` is not called. It never throws on data, however deep, because it does not recurse. A value that contains
 * itself is not JSON and does not end. With `maxLength`, the answer is null where the text would be longer, in
 * UTF-16 code units.
 */
export function canonicalJson(value: unknown): string;
export function canonicalJson(value: unknown, maxLength: number): string | null;
export function canonicalJson(value: unknown, maxLength = Number.POSITIVE_INFINITY): string | null {
  const written: string[] = [];
  let length = 0;
  const pending: Piece[] = [{ value }];
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    const text = 'text' in piece ? piece.text : begin(piece.value, pending);
    length += text.length;
    if (length > maxLength) return null;
    written.push(text);
  }
  return written.join('');
}

/** The text with which a value begins; what follows inside it becomes pending. */
function begin(value: unknown, pending: Piece[]): string {
  if (Array.isArray(value)) return beginList(value, pending);
  if (isContainer(value)) return beginObject(value, pending);
  return isScalar(value) ? JSON.stringify(value) : 'null';
}

// `pending` is a stack: what is to be written first goes on last.
function beginList(items: readonly unknown[], pending: Piece[]): string {
  pending.push({ text: ']' });
  for (let index = items.length - 1; index >= 0; index--) {
    pending.push({ value: items[index] });
    if (index > 0) pending.push({ text: ',' });
  }
  return '[';
}

function beginObject(object: object, pending: Piece[]): string {
  pending.push({ text: '}' });
  const members = Object.entries(object)
    .filter(([, value]) => isContainer(value) || isScalar(value))
    .sort(([a], [b]) => (a < b ? 1 : -1));
  members.forEach(([key, value], index) => {
    pending.push({ value });
    const isFirstWritten = index === members.length - 1;
    pending.push({ text: `${isFirstWritten ? '' : ','}${JSON.stringify(key)}:` });
  });
  return '{';
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}
