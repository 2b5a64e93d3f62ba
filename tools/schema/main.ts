import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.js';
import type { Command } from '../../src/cli/io.js';
import { printSchema } from '../../src/graphql/schema.js';

const help = `Usage: npm run schema [-- --check]

Writes schema.graphql from the code. With --check it writes nothing and exits 1 when the file is stale.
`;

/** `npm run schema`: the SDL that gateways compose. */
export const run: Command = async (argv, io) => {
  if (argv.includes('--help')) {
    io.stdout.write(help);
    return 0;
  }
  const path = join(packageRoot(), 'schema.graphql');
  const sdl = printSchema();
  if (!argv.includes('--check')) {
    writeFileSync(path, sdl);
    io.stdout.write('wrote schema.graphql\n');
    return 0;
  }
  if (readFileSync(path, 'utf8') === sdl) return 0;
  io.stderr.write('schema.graphql is stale; write it again with: npm run schema\n');
  return 1;
};
