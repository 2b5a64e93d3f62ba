import { printSchema } from '../graphql/schema.js';
import type { Command } from './io.js';

const help = `Usage: signals schema

Prints the SDL of the subgraph, which gateways and registries compose. It needs no database.
`;

/** `signals schema`. */
export const run: Command = async (argv, io) => {
  io.stdout.write(argv.includes('--help') ? help : printSchema());
  return 0;
};
