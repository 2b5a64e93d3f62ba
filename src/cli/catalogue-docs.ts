import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { packageRoot } from '../app/package-root.js';
import { parseCatalogue } from '../catalogue/index.js';
import { catalogueFileSchema, catalogueMarkdown } from '../catalogue-tools/index.js';
import { isPiiKey } from '../domain/privacy/pii/pii-keys.js';
import type { Command } from './io.js';

const help = `Usage: npm run catalogue-docs [-- options]

Checks a catalogue and writes its page, and the JSON Schema of the file for editors.

  --catalogue FILE   the catalogue (default examples/catalogue.json)
  --out FILE         the page (default docs/catalogue.md)
  --schema FILE      the JSON Schema (default examples/catalogue.schema.json)
  --check            write nothing; exit 1 when a file is stale or the catalogue has problems
  --help             this text

Relative paths count from the package's folder.
`;

interface Options {
  readonly catalogue: string;
  readonly out: string;
  readonly schema: string;
  readonly check: boolean;
}

/** `npm run catalogue-docs`: the catalogue as docs/catalogue.md. Exit codes: 0 done, 1 stale or bad, 2 used wrongly. */
export const run: Command = async (argv, io) => {
  if (argv.includes('--help')) {
    io.stdout.write(help);
    return 0;
  }
  const options = readOptions(argv);
  if (typeof options === 'string') {
    io.stderr.write(`${options}\n\n${help}`);
    return 2;
  }
  const text = readText(options.catalogue);
  const parsed = text === null ? null : parseCatalogue(text, { isPiiKey });
  if (parsed === null || !parsed.ok) {
    const problems = parsed?.error ?? ['cannot be read'];
    for (const problem of problems) io.stderr.write(`${options.catalogue}: ${problem}\n`);
    return 1;
  }
  const page = catalogueMarkdown(parsed.value, options.catalogue);
  const stale = [
    ...(readText(options.out) === page ? [] : [{ path: options.out, content: page }]),
    ...(isInStep(readText(options.schema)) ? [] : [{ path: options.schema, content: printSchema() }]),
  ];
  for (const { path, content } of stale) {
    if (options.check) io.stderr.write(`${path} is stale; write it again with: npm run catalogue-docs\n`);
    else {
      writeFileSync(resolve(path), content);
      io.stdout.write(`wrote ${path}\n`);
    }
  }
  return options.check && stale.length > 0 ? 1 : 0;
};

function readOptions(argv: readonly string[]): Options | string {
  const values: Record<string, string> = {
    '--catalogue': 'examples/catalogue.json',
    '--out': 'docs/catalogue.md',
    '--schema': 'examples/catalogue.schema.json',
  };
  let check = false;
  const words = argv.values();
  for (const word of words) {
    if (word === '--check') {
      check = true;
      continue;
    }
    if (!Object.hasOwn(values, word)) return `unknown option ${word}`;
    const value = words.next().value;
    if (value === undefined) return `${word} needs a file`;
    values[word] = value;
  }
  const { '--catalogue': catalogue = '', '--out': out = '', '--schema': schema = '' } = values;
  return { catalogue, out, schema, check };
}

/** Compared as values: the formatter may lay the JSON out as it likes. */
function isInStep(schema: string | null): boolean {
  try {
    return schema !== null && isDeepStrictEqual(JSON.parse(schema), catalogueFileSchema());
  } catch {
    return false;
  }
}

function printSchema(): string {
  return `${JSON.stringify(catalogueFileSchema(), null, 2)}\n`;
}

function resolve(path: string): string {
  return isAbsolute(path) ? path : join(packageRoot(), path);
}

function readText(path: string): string | null {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch {
    return null;
  }
}
