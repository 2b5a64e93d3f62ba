import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/codegen.js';
import { commands } from '../../src/cli/commands.js';
import { exampleText, root } from '../catalogue/samples.js';
import { call as callCommand } from './call.js';

let folder: string;
let out: string;
let err: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codegen-'));
  writeFileSync(join(folder, 'catalogue.json'), exampleText);
  out = '';
  err = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call(...argv: string[]): Promise<number> {
  const called = await callCommand(run, argv);
  ({ out, err } = called);
  return called.code;
}

const catalogue = () => join(folder, 'catalogue.json');
const types = () => join(folder, 'src', 'signals events.ts');
const files = () => ['--catalog', catalogue(), '--out', types()];

describe('codegen', () => {
  it('writes the types of the catalogue, and makes the folder', async () => {
    expect(await call(...files())).toBe(0);
    expect([out, err]).toEqual([`wrote ${types()}\n`, '']);
    const golden = readFileSync(join(root, 'test', 'golden', 'example-events.ts.txt'), 'utf8');
    expect(readFileSync(types(), 'utf8')).toBe(golden);
  });

  it('leaves a file alone that is in step', async () => {
    await call(...files());
    const { mtimeNs } = statSync(types(), { bigint: true });
    expect(await call(...files())).toBe(0);
    expect([out, err]).toEqual(['', '']);
    expect(statSync(types(), { bigint: true }).mtimeNs).toBe(mtimeNs);
    expect(await call(...files(), '--check')).toBe(0);
    expect([out, err]).toEqual(['', '']);
  });

  it('takes the line ends of Windows for in step', async () => {
    await call(...files());
    writeFileSync(types(), readFileSync(types(), 'utf8').replaceAll('\n', '\r\n'));
    expect(await call(...files(), '--check')).toBe(0);
  });

  it('exits 1 with --check when the file is stale or missing, writes nothing, and says how to renew it', async () => {
    const app = ['--app', 'web', '--module', './sdk.js'];
    expect(await call(...files(), ...app, '--check')).toBe(1);
    expect(existsSync(types())).toBe(false);
    expect([out, err]).toEqual([
      '',
      `${types()} is stale; write it again with: npx -p signals-subgraph signals codegen --catalog ${catalogue()} --out '${types()}' --app web --module ./sdk.js\n`,
    ]);
    await call(...files());
    writeFileSync(types(), 'old');
    expect(await call('--check', ...files())).toBe(1);
    expect(err).toBe(
      `${types()} is stale; write it again with: npx -p signals-subgraph signals codegen --catalog ${catalogue()} --out '${types()}'\n`,
    );
    expect(readFileSync(types(), 'utf8')).toBe('old');
  });

  it('writes the event types of one app alone, for another module', async () => {
    expect(await call(...files(), '--app', 'web', '--module', './sdk.js')).toBe(0);
    const text = readFileSync(types(), 'utf8');
    expect(text).toContain("(eventType: 'cta_clicked'");
    expect(text).not.toContain('video_published');
    expect(text).toContain("declare module './sdk.js' {");
  });

  it('exits 2 for an app that the catalogue does not have, and names no other', async () => {
    expect(await call(...files(), '--app', 'toString')).toBe(2);
    expect([out, err]).toEqual(['', 'codegen: the catalogue has no app "toString"\n']);
    expect(existsSync(types())).toBe(false);
  });

  it('exits 1 with every problem of the catalogue', async () => {
    writeFileSync(catalogue(), '{"apps": {}, "eventTypes": []}');
    expect(await call(...files())).toBe(1);
    expect(err).toBe(
      `${catalogue()}: eventTypes: must be an object\n${catalogue()}: apps: is empty: no event could be taken\n`,
    );
    rmSync(catalogue());
    expect(await call(...files())).toBe(1);
    expect(err).toBe(`${catalogue()}: cannot be read\n`);
  });

  it('exits 1 where the file cannot be written', async () => {
    const inside = join(catalogue(), 'events.ts');
    expect(await call('--catalog', catalogue(), '--out', inside)).toBe(1);
    expect(err).toMatch(/events\.ts: cannot be written \((?:ENOTDIR|EEXIST)\)\n$/);
  });

  it('prints help', async () => {
    expect(await call('--help')).toBe(0);
    expect(out).toMatch(/^Usage: signals codegen/);
    expect(err).toBe('');
  });

  it.each<[string[], string]>([
    [[], '--catalog FILE is missing'],
    [['--catalog', 'a.json'], '--out FILE is missing'],
    [['--catalog', 'a.json', '--out', 'a.json'], '--out must name a TypeScript file'],
    [['--catalog', 'a.json', '--out', 'a.ts', '--module', ''], '--module needs a name'],
    [['--chekc'], '--chekc'],
    [['a.json'], 'a.json'],
    [['--out'], '--out'],
  ])('exits 2 when used wrongly: %j', async (argv, message) => {
    expect(await call(...argv)).toBe(2);
    expect(err).toMatch(/^codegen: /);
    expect(err.split('\n')[0]).toContain(message);
    expect(err).toContain('Usage: signals codegen');
    expect(out).toBe('');
  });

  it('is a command', async () => {
    expect(await commands.codegen?.load()).toBe(run);
  });
});
