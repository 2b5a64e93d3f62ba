import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../app/package-root.js';
import { commands } from './commands.js';
import type { CliIo } from './io.js';

/** `signals <command> [options]`: finds the command and answers its exit code. */
export async function runCli([name = '--help', ...argv]: readonly string[], io: CliIo): Promise<number> {
  if (['--help', '-h', 'help'].includes(name)) {
    io.stdout.write(help());
    return 0;
  }
  if (['--version', '-v'].includes(name)) {
    io.stdout.write(`${version()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    io.stderr.write(`signals: there is no command ${JSON.stringify(name)}\n\n${help()}`);
    return 2;
  }
  const run = await command.load();
  return run(argv, io);
}

function help(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`);
  return `Usage: signals <command> [options]

${rows.join('\n')}

  --version   the version of Signals
  --help      this text; signals <command> --help says more about a command

Exit code 0: done; 1: failed or refused; 2: used wrongly.
`;
}

/** The version in the package.json of this package. */
function version(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
