import { parseArgs } from 'node:util';
import { runServer } from '../app/serve.js';
import type { Command } from './io.js';

const help = `Usage: signals serve [--migrate]

Runs the server, by the settings in the environment, until SIGTERM or SIGINT asks it to stop. It is the same as
node dist/main.js. Without any setting it is for development: an embedded database, a key and secrets of its own
in .data, on http://127.0.0.1:4008.

  --migrate   bring PostgreSQL up to date first; the embedded database always is
  --help      this text

Exit code 0: stopped when asked; 1: it cannot start, or was ended by a fault; 2: used wrongly.
`;

/** `signals serve`: answers once the server listens; the process lives on. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (typeof options === 'string') {
    io.stderr.write(`serve: ${options}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    io.stdout.write(help);
    return 0;
  }
  return runServer(options.migrate ? ['--migrate'] : [], io);
};

function parse(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { migrate: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch (error) {
    return error instanceof Error ? error.message : 'used wrongly';
  }
}
