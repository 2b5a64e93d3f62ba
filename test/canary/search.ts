import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Something planted that must not be found again. */
export interface Mark {
  readonly name: string;
  readonly text: string;
}

/** Every form in which a text could have been written down: as it is, escaped, encoded. */
function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  const forms = [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    ...base64Forms(bytes),
    text.replaceAll('-', ''),
  ].map((form) => Buffer.from(form, 'utf8'));
  return [...forms, Buffer.from(text, 'utf16le')];
}

/** Base64 of a text inside a longer one begins at one of three places; the edges depend on the neighbours. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const core = encoded.slice(shift === 0 ? 0 : 4, -4).replaceAll('=', '');
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Names of the marks that occur in the bytes, in any form. */
export function marksIn(bytes: Buffer, marks: readonly Mark[]): string[] {
  return marks
    .filter(({ text }) => formsOf(text).some((form) => bytes.includes(form)))
    .map(({ name }) => name);
}

/** The same over every file below a folder; `<file>: <mark>` for each. */
export function marksBelow(
  folder: string,
  marks: readonly Mark[],
): { readonly files: number; readonly found: string[] } {
  const files = filesBelow(folder);
  return {
    files: files.length,
    found: files.flatMap((file) => marksIn(readFileSync(file), marks).map((name) => `${file}: ${name}`)),
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path);
    if (stat.isDirectory()) return filesBelow(path);
    return stat.isFile() ? [path] : [];
  });
}
