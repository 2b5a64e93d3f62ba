import { printSchema } from '../graphql/schema.js';
import type { Command } from './io.js';

const help = `Usage: signals schema

Prints the SDL of the subgraph, which gateways and registries compose. It needs no database and no setting.

Exit code 0: printed; 2: used wrongly.
`;

/** `signals schema`. */
export const run: Command = async (argv, io) => {
  const [option, ...rest] = argv;
  if (rest.length > 0 || (option !== undefined && option !== '--help')) {
    io.stderr.write(`schema: it takes no arguments\n\n${help}`);
    return 2;
  }
  io.stdout.write(option === '--help' ? help : printSchema());
  return 0;
};
