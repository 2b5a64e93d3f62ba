import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CliIo } from './io.js';

/** The text of a file in UTF-8, or null when it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Writes a file, and the folders above it. Answers false, with the cause on standard error, where that fails. */
export function writeText(path: string, text: string, io: Pick<CliIo, 'stdout' | 'stderr'>): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    io.stderr.write(`${path}: cannot be written${code}\n`);
    return false;
  }
  io.stdout.write(`wrote ${path}\n`);
  return true;
}
