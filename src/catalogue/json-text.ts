import type { Result } from '../contract/index.js';

/** No catalogue is nested anywhere near this deeply; the bound keeps the recursion below safe. */
const maxDepth = 64;

const token =
  /[\t\n\r ]*([{}[\],:]|"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

/**
 * Reads a text as JSON (RFC 8259); the first fault is told with line and column (from 1), whatever the Node version.
 * Stricter than `JSON.parse` where that would silently lose what a hand wrote: the same key twice in one
 * object is a fault, and so is the key `__proto__`. A byte-order mark at the start is skipped.
 */
export function parseJsonText(text: string): Result<unknown, string> {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const reader = createReader(json);
  if (scanValue(reader, 0) && (reader.atEnd() || reader.fail('expected the end of the file, found %'))) {
    return { ok: true, value: JSON.parse(json) };
  }
  return { ok: false, error: `not JSON: ${reader.fault()}` };
}

interface Reader {
  /** The next token, without taking it; empty at the end and where there is no token. */
  peek(): string;
  take(): string;
  atEnd(): boolean;
  /** Notes the fault at the next token (`%` becomes what kind of token) and answers false. */
  fail(message: string): false;
  fault(): string;
}

function createReader(text: string): Reader {
  let start = 0;
  let end = 0;
  let current = '';
  let fault = '';
  const advance = () => {
    token.lastIndex = end;
    const found = token.exec(text);
    current = found?.[1] ?? '';
    start = found === null ? end + text.slice(end).search(/[^\t\n\r ]|$/) : token.lastIndex - current.length;
    end = found === null ? start : token.lastIndex;
  };
  advance();
  return {
    peek: () => current,
    take() {
      const taken = current;
      advance();
      return taken;
    },
    atEnd: () => start === text.length,
    fail(message) {
      const found = describe(current || text.slice(start, start + 1));
      const lines = text.slice(0, start).split('\n');
      const place = `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
      fault = `${message.replace('%', () => found)} at ${place}`;
      return false;
    },
    fault: () => fault,
  };
}

/** In words where it is a value: a path that points at the wrong file must not print that file's secrets. */
function describe(found: string): string {
  if (found === '') return 'the end of the file';
  if (found.length > 1 && found.startsWith('"')) return 'a string';
  return /^-?\d/.test(found) ? 'a number' : found;
}

function scanValue(reader: Reader, depth: number): boolean {
  if (depth > maxDepth) return reader.fail(`nested more than ${maxDepth} deep`);
  const next = reader.peek();
  if (next === '{') return scanList(reader, '}', memberScanner(reader, depth));
  if (next === '[') return scanList(reader, ']', () => scanValue(reader, depth + 1));
  if (next === '' || /^[}\],:]/.test(next)) return reader.fail('expected a value, found %');
  reader.take();
  return true;
}

function scanList(reader: Reader, close: '}' | ']', scanItem: () => boolean): boolean {
  reader.take();
  if (reader.peek() !== close) {
    while (scanItem()) {
      if (reader.peek() === close) break;
      if (reader.peek() !== ',') return reader.fail(`expected "," or "${close}", found %`);
      reader.take();
    }
    if (reader.fault() !== '') return false;
  }
  reader.take();
  return true;
}

function memberScanner(reader: Reader, depth: number): () => boolean {
  const seen = new Set<string>();
  return () => {
    if (!reader.peek().startsWith('"')) return reader.fail('expected a key in double quotes, found %');
    const key: string = JSON.parse(reader.peek());
    if (seen.has(key)) return reader.fail(`the key ${JSON.stringify(key)} stands twice in one object`);
    if (key === '__proto__') return reader.fail('the key "__proto__" is not allowed');
    seen.add(key);
    reader.take();
    if (reader.peek() !== ':') return reader.fail('expected ":", found %');
    reader.take();
    return scanValue(reader, depth + 1);
  };
}
