import { dirname, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { PrintableCatalogue } from '../catalogue/index.js';
import { catalogueFileSchema, catalogueMarkdown } from '../catalogue-tools/index.js';
import type { Command } from './io.js';
import { readCatalogue } from './read-catalogue.js';
import { shellCommand } from './shell-command.js';
import { readText, writeText } from './text-files.js';

const help = `Usage: signals catalog docs FILE [--out PAGE] [--schema FILE] [--check]

Checks a catalogue file and describes it as a page of Markdown: apps, entity types, event types, properties and
their privacy classes. Without --out and --schema the page is printed. Writes only what differs.

  --out PAGE         the page, such as docs/catalogue.md
  --schema FILE      the JSON Schema of catalogue files, by which editors complete and check them
  --check            write nothing; exit 1 when the page or the schema is stale
  --help             this text

Exit code 0: printed, written, or in step; 1: stale, the catalogue has problems, or a file cannot be written;
2: used wrongly.
`;

/** `signals catalog docs`: a catalogue as a page. Relative paths count from the current folder. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (typeof options === 'string') {
    io.stderr.write(`catalog docs: ${options}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    io.stdout.write(help);
    return 0;
  }
  const catalogue = readCatalogue(options.file, io);
  if (catalogue === null) return 1;
  const files = generatedFiles(catalogue, options);
  if (files.length === 0) {
    io.stdout.write(catalogueMarkdown(catalogue, options.file));
    return 0;
  }
  const stale = files.filter(({ path, isCurrent }) => !isCurrent(readText(path)));
  if (!options.check) return stale.every(({ path, content }) => writeText(path, content, io)) ? 0 : 1;
  for (const { path } of stale)
    io.stderr.write(`${path} is stale; write it again with: ${renewal(options)}\n`);
  return stale.length === 0 ? 0 : 1;
};

interface Options {
  readonly help: boolean;
  readonly check: boolean;
  readonly file: string;
  readonly out: string | undefined;
  readonly schema: string | undefined;
}

function parse(argv: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        out: { type: 'string' },
        schema: { type: 'string' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const { help, check, out, schema } = values;
    const [file = '', ...rest] = positionals;
    if (help) return { help, check, file, out, schema };
    if (file === '' || rest.length > 0) return 'one catalogue file is needed';
    if (out === '' || schema === '') return 'a file needs a name';
    if (check && out === undefined && schema === undefined) return '--check needs --out or --schema';
    return { help, check, file, out, schema };
  } catch (error) {
    return error instanceof Error ? error.message : 'used wrongly';
  }
}

interface GeneratedFile {
  readonly path: string;
  readonly content: string;
  readonly isCurrent: (text: string | null) => boolean;
}

function generatedFiles(catalogue: PrintableCatalogue, { file, out, schema }: Options): GeneratedFile[] {
  const files: GeneratedFile[] = [];
  if (out !== undefined) {
    // The page names its source as seen from the page, so that it is the same wherever it is made.
    const source = relative(dirname(resolve(out)), resolve(file)).replaceAll(sep, '/');
    const content = catalogueMarkdown(catalogue, source);
    // Git may have given the lines Windows' ends.
    files.push({ path: out, content, isCurrent: (text) => text?.replaceAll('\r\n', '\n') === content });
  }
  if (schema !== undefined) {
    const content = `${JSON.stringify(catalogueFileSchema(), null, 2)}\n`;
    files.push({ path: schema, content, isCurrent: isCurrentSchema });
  }
  return files;
}

/** Compared as values: a formatter may lay the JSON out as it likes. */
function isCurrentSchema(text: string | null): boolean {
  try {
    return text !== null && isDeepStrictEqual(JSON.parse(text), catalogueFileSchema());
  } catch {
    return false;
  }
}

function renewal({ file, out, schema }: Options): string {
  const words = ['catalog', 'docs', file];
  if (out !== undefined) words.push('--out', out);
  if (schema !== undefined) words.push('--schema', schema);
  return shellCommand(words);
}
