import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogueTypes } from '../catalogue-tools/index.js';
import type { Command } from './io.js';
import { readCatalogue } from './read-catalogue.js';
import { shellCommand } from './shell-command.js';
import { readText, writeText } from './text-files.js';

const defaultModule = 'signals-client';

const help = `Usage: signals codegen --catalog FILE --out FILE [options]

Writes TypeScript types from a catalogue, so that the compiler checks every call of track() and editors show
what each event means and which are deprecated. Types only: nothing is left of the file at run time. Writes
only when the content differs.

  --catalog FILE     the catalogue
  --out FILE         the types: .ts, .mts, .cts or .d.ts; a missing folder is made
  --app NAME         only the event types that this app may send (default: all)
  --module NAME      the module to tell of them (default ${defaultModule})
  --check            write nothing; exit 1 when the file is stale
  --help             this text

Exit code 0: written, or in step; 1: stale, the catalogue has problems, or the file cannot be written; 2: used
wrongly, or no such app.
`;

/** `signals codegen`: the catalogue as TypeScript types. Relative paths count from the current folder. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (typeof options === 'string') {
    io.stderr.write(`codegen: ${options}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    io.stdout.write(help);
    return 0;
  }
  const { catalog, out, app, module } = options;
  const catalogue = readCatalogue(catalog, io);
  if (catalogue === null) return 1;
  if (app !== undefined && !catalogue.apps.has(app)) {
    io.stderr.write(`codegen: the catalogue has no app ${JSON.stringify(app)}\n`);
    return 2;
  }
  const types = catalogueTypes(catalogue, { source: basename(catalog), app, module });
  // Git may have given the lines Windows' ends.
  if (readText(out)?.replaceAll('\r\n', '\n') === types) return 0;
  if (options.check) {
    io.stderr.write(`${out} is stale; write it again with: ${renewal(options)}\n`);
    return 1;
  }
  return writeText(out, types, io) ? 0 : 1;
};

interface Options {
  readonly help: boolean;
  readonly check: boolean;
  readonly catalog: string;
  readonly out: string;
  readonly app: string | undefined;
  readonly module: string;
}

function parse(argv: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        catalog: { type: 'string' },
        out: { type: 'string' },
        app: { type: 'string' },
        module: { type: 'string', default: defaultModule },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { catalog = '', out = '', app, ...rest } = values;
    if (rest.help) return { ...rest, catalog, out, app };
    if (catalog === '') return '--catalog FILE is missing';
    if (out === '') return '--out FILE is missing';
    // Not least so that `--out catalogue.json` costs nobody their catalogue.
    if (!/\.[cm]?ts$/.test(out)) return '--out must name a TypeScript file';
    if (rest.module === '') return '--module needs a name';
    return { ...rest, catalog, out, app };
  } catch (error) {
    return error instanceof Error ? error.message : 'used wrongly';
  }
}

function renewal({ catalog, out, app, module }: Options): string {
  const words = ['--catalog', catalog, '--out', out];
  if (app !== undefined) words.push('--app', app);
  if (module !== defaultModule) words.push('--module', module);
  return shellCommand(['codegen', ...words]);
}
