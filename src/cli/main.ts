#!/usr/bin/env node
import { commands } from './commands.js';

const [name = '', ...argv] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  const wanted = name === '' || name === '--help' || name === 'help';
  const lines = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(16)}${summary}\n`);
  process[wanted ? 'stdout' : 'stderr'].write(
    `Usage: signals <command> [options]\n\n${lines.join('')}\nEvery command has --help.\n`,
  );
  process.exitCode = wanted ? 0 : 2;
} else {
  const run = await command.load();
  process.exitCode = await run(argv, {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    fetch: globalThis.fetch,
    now: () => new Date(),
  });
}
