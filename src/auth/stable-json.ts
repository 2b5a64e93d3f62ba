interface Frame {
  readonly keys: readonly string[] | null;
  readonly items: readonly unknown[] | Readonly<Record<string, unknown>>;
  next: number;
  empty: boolean;
}

/**
 * The text that `json-stable-stringify` makes of parsed JSON, byte for byte: keys sorted by UTF-16 code unit,
 * no spaces, strings and numbers as `JSON.stringify` writes them, undefined left out. Without recursion, so
 * that no depth overflows the stack. Null when the text would be longer than `maxLength` code units, and for
 * a root that has no text.
 */
export function stableJson(root: unknown, maxLength = Number.POSITIVE_INFINITY): string | null {
  const text: string[] = [];
  const stack: Frame[] = [];
  let length = 0;
  const put = (piece: string): void => {
    text.push(piece);
    length += piece.length;
  };
  const open = (value: unknown): void => {
    const frame = frameOf(value);
    if (frame) stack.push(frame);
    put(frame ? (frame.keys ? '{' : '[') : (JSON.stringify(value) ?? 'null'));
  };

  if (!hasText(root)) return null;
  open(root);
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    if (length > maxLength) return null;
    const entry = nextEntry(frame);
    if (entry === null) {
      stack.pop();
      put(frame.keys ? '}' : ']');
      continue;
    }
    put(`${frame.empty ? '' : ','}${entry.prefix}`);
    frame.empty = false;
    open(entry.value);
  }
  return length > maxLength ? null : text.join('');
}

function hasText(value: unknown): boolean {
  return (
    value !== undefined &&
    typeof value !== 'function' &&
    typeof value !== 'symbol' &&
    typeof value !== 'bigint'
  );
}

function frameOf(value: unknown): Frame | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return { keys: null, items: value, next: 0, empty: true };
  const items = value as Readonly<Record<string, unknown>>;
  return { keys: Object.keys(items).sort(), items, next: 0, empty: true };
}

function nextEntry(frame: Frame): { prefix: string; value: unknown } | null {
  if (frame.keys === null) {
    const items = frame.items as readonly unknown[];
    if (frame.next >= items.length) return null;
    const value = items[frame.next++];
    return { prefix: '', value: hasText(value) ? value : null };
  }
  const items = frame.items as Readonly<Record<string, unknown>>;
  while (frame.next < frame.keys.length) {
    const key = frame.keys[frame.next++] ?? '';
    const value = items[key];
    if (hasText(value)) return { prefix: `${JSON.stringify(key)}:`, value };
  }
  return null;
}
