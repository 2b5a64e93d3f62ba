import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/catalog.js';
import { commands } from '../../src/cli/commands.js';
import { call as callCommand } from './call.js';

const call = (...argv: string[]) => callCommand(run, argv);

describe('catalog', () => {
  it('is a command', async () => {
    expect(await commands.catalog?.load()).toBe(run);
  });

  it('prints help that names both subcommands', async () => {
    const { code, out, err } = await call('--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: signals catalog diff OLD NEW .*\n +signals catalog docs FILE /);
  });

  it.each(['diff', 'docs'])('hands what follows to the subcommand: %s', async (name) => {
    const { code, out } = await call(name, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: signals catalog ${name} `));
  });

  it.each<[string[], string]>([
    [[], 'catalog: the subcommand is missing: diff or docs'],
    [['show', 'a', 'b'], 'catalog: there is no subcommand "show", only diff or docs'],
    [['toString'], 'catalog: there is no subcommand "toString", only diff or docs'],
  ])('exits 2 when used wrongly: %j', async (argv, message) => {
    const { code, out, err } = await call(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')[0]).toBe(message);
    expect(err).toContain('Usage: signals catalog diff');
  });
});
