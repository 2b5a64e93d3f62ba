/** What is still to be written: text as it is, or a value. */
type Piece = { readonly text: string } | { readonly value: unknown };

/**
 * One text for one JSON value: keys sorted by code unit at every depth, no white space, members that are
 * `undefined` left out (and `null` inside arrays), as `JSON.stringify` does. Two values that are equal as JSON
 * give the same text. It never throws on data, however deep, because it does not recurse; `toJSON` is not
 * called, and what is not JSON at all is `null`. A value that contains itself is not JSON and does not end.
 */
export function canonicalJson(value: unknown): string {
  const written: string[] = [];
  const pending: Piece[] = [{ value }];
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if ('text' in piece) written.push(piece.text);
    else if (Array.isArray(piece.value)) openArray(piece.value, written, pending);
    else if (typeof piece.value === 'object' && piece.value !== null)
      openObject(piece.value, written, pending);
    else written.push(scalar(piece.value));
  }
  return written.join('');
}

function scalar(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  return 'null';
}

// `pending` is a stack: what is to be written first goes on last.
function openArray(items: readonly unknown[], written: string[], pending: Piece[]): void {
  written.push('[');
  pending.push({ text: ']' });
  for (let index = items.length - 1; index >= 0; index--) {
    pending.push({ value: items[index] });
    if (index > 0) pending.push({ text: ',' });
  }
}

function openObject(object: object, written: string[], pending: Piece[]): void {
  written.push('{');
  pending.push({ text: '}' });
  const members = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? 1 : -1));
  members.forEach(([key, value], index) => {
    pending.push({ value });
    const isFirstWritten = index === members.length - 1;
    pending.push({ text: `${isFirstWritten ? '' : ','}${JSON.stringify(key)}:` });
  });
}
