import { parseArgs } from 'node:util';
import {
  type CatalogueChange,
  type ChangeLevel,
  changeLevels,
  diffCatalogues,
  isCompatible,
} from '../catalogue-tools/index.js';
import type { Command } from './io.js';
import { readCatalogue } from './read-catalogue.js';

const help = `Usage: signals catalog diff OLD NEW [--json]

Names what has changed between two catalogue files, and what that means for clients that were built against OLD
and send to a server with NEW:

  incompatible   something that they rightly send is refused, dropped or cut off
  privacy        all is taken, but something is recorded that is closer to a person, or guarded less
  compatible     everything is taken as before, and more could be
  note           nothing about what is taken: descriptions, owners, deprecations

Clients that generate their types again (signals codegen) are told the rest by their compiler.

  --json             {"compatible", "changes": [{"level", "kind", "path", "message", …}]}
  --help             this text

Exit code 0: compatible; 1: a change is incompatible or a matter of privacy; 2: used wrongly, or a file cannot
be read or has problems.
`;

/** `signals catalog diff`: whether a catalogue may take the place of another. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (typeof options === 'string') {
    io.stderr.write(`catalog diff: ${options}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    io.stdout.write(help);
    return 0;
  }
  const old = readCatalogue(options.old, io);
  const next = readCatalogue(options.next, io);
  if (old === null || next === null) return 2;
  const changes = diffCatalogues(old, next);
  const compatible = isCompatible(changes);
  io.stdout.write(options.json ? `${JSON.stringify({ compatible, changes }, null, 2)}\n` : describe(changes));
  return compatible ? 0 : 1;
};

function parse(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [old = '', next = '', ...rest] = positionals;
    if (values.help) return { ...values, old, next };
    if (old === '' || next === '' || rest.length > 0) return 'two files are needed: OLD NEW';
    return { ...values, old, next };
  } catch (error) {
    return error instanceof Error ? error.message : 'used wrongly';
  }
}

const headings: Readonly<Record<ChangeLevel, string>> = {
  incompatible: 'Incompatible: clients built against the old catalogue lose events or properties',
  privacy: 'Privacy: to be looked at by a person',
  compatible: 'Compatible',
  note: 'Notes',
};

function describe(changes: readonly CatalogueChange[]): string {
  if (changes.length === 0) return 'No changes.\n';
  const blocks = changeLevels.flatMap((level) => {
    const lines = changes
      .filter((change) => change.level === level)
      .map(({ path, message }) => `  ${path}: ${message}\n`);
    return lines.length === 0 ? [] : [`${headings[level]} (${lines.length})\n${lines.join('')}`];
  });
  return blocks.join('\n');
}
