import { type PrintableCatalogue, parseCatalogue } from '../catalogue/index.js';
import { isPiiKey } from '../domain/privacy/pii/pii-keys.js';
import type { CliIo } from './io.js';
import { readText } from './text-files.js';

/** The catalogue in a file; null when it cannot be read or has problems, which are then on standard error. */
export function readCatalogue(path: string, io: Pick<CliIo, 'stderr'>): PrintableCatalogue | null {
  const text = readText(path);
  const parsed = text === null ? null : parseCatalogue(text, { isPiiKey });
  if (parsed?.ok) return parsed.value;
  for (const problem of parsed?.error ?? ['cannot be read']) io.stderr.write(`${path}: ${problem}\n`);
  return null;
}
