import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subcommands } from '../../src/cli/catalog.js';
import { commands } from '../../src/cli/commands.js';
import { runCli } from '../../src/cli/run-cli.js';
import { root } from '../catalogue/samples.js';
import { call } from './call.js';

const signals = (...argv: string[]) => call(runCli, argv);

/** Every command and subcommand. */
const calls = [
  ...Object.keys(commands).map((name) => [name]),
  ...Object.keys(subcommands).map((name) => ['catalog', name]),
];

describe('signals', () => {
  it.each([[['--help']], [['-h']], [['help']], [[]]])('lists every command: %j', async (argv) => {
    const { code, out, err } = await signals(...argv);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: signals <command>/);
    const listed = [...out.matchAll(/^ {2}([a-z][\w-]*) /gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(commands));
  });

  it.each(['--version', '-v'])('prints the version of the package: %s', async (option) => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await signals(option)).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each(['deploy', 'catalogue-docs', 'replay', 'toString', ''])(
    'refuses a command that it does not have, with the list: %j',
    async (name) => {
      const { code, out, err } = await signals(name);
      expect([code, out]).toEqual([2, '']);
      expect(err.split('\n')[0]).toBe(`signals: there is no command ${JSON.stringify(name)}`);
      for (const known of Object.keys(commands)) expect(err).toContain(`  ${known} `);
    },
  );

  it.each(calls.map((argv) => [argv]))('has help that names its exit codes: %j', async (argv) => {
    const { code, out, err } = await signals(...argv, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out.startsWith(`Usage: signals ${argv.join(' ')}`), out).toBe(true);
    expect(out).toMatch(/^Exit code /m);
    expect(out).not.toMatch(/npm run/);
  });

  it.each(calls.map((argv) => [argv]))('refuses an option that it does not have: %j', async (argv) => {
    const { code, out, err } = await signals(...argv, '--no-such-option');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: signals ');
  });
});
