import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/catalog-docs.js';
import { exampleText, root } from '../catalogue/samples.js';
import { call as callCommand } from './call.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-docs-'));
  writeFileSync(file(), exampleText);
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = (...argv: string[]) => callCommand(run, argv);
const file = () => join(folder, 'catalogue.json');
const page = () => join(folder, 'docs', 'catalogue.md');
const schema = () => join(folder, 'catalogue.schema.json');
const files = () => ['--out', page(), '--schema', schema()];

describe('catalog docs', () => {
  it('finds the page and the schema of this repository in step, as npm run catalogue-docs names them', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [, words = ''] = / cli catalog docs (.+)$/.exec(scripts['catalogue-docs']) ?? [];
    const argv = words.split(' ').map((word) => (word.startsWith('--') ? word : join(root, word)));
    expect(argv).toHaveLength(5);
    expect(await call(...argv, '--check')).toEqual({ code: 0, out: '', err: '' });
  });

  it('prints the page where no file is named', async () => {
    const { code, out, err } = await call(file());
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^# Catalogue\n/);
  });

  it('writes what is stale, folders included, and nothing the second time', async () => {
    expect(await call(file(), ...files())).toEqual({
      code: 0,
      out: `wrote ${page()}\nwrote ${schema()}\n`,
      err: '',
    });
    const written = () => [page(), schema()].map((path) => statSync(path, { bigint: true }).mtimeNs);
    const before = written();
    expect(await call(file(), ...files())).toEqual({ code: 0, out: '', err: '' });
    expect(written()).toEqual(before);
    expect(await call(file(), '--check', ...files())).toEqual({ code: 0, out: '', err: '' });
  });

  it('names the catalogue as seen from the page', async () => {
    await call(file(), '--out', page());
    expect(readFileSync(page(), 'utf8')).toContain('Generated from `../catalogue.json`');
  });

  it('writes the schema alone where only that is asked for', async () => {
    expect(await call(file(), '--schema', schema())).toMatchObject({ code: 0, out: `wrote ${schema()}\n` });
  });

  it('exits 1 with --check when a file is stale, says how to renew it, and writes nothing', async () => {
    await call(file(), ...files());
    writeFileSync(page(), 'old');
    writeFileSync(schema(), '{');
    const again = `write it again with: npx -p signals-subgraph signals catalog docs ${file()} --out ${page()} --schema ${schema()}`;
    expect(await call(file(), ...files(), '--check')).toEqual({
      code: 1,
      out: '',
      err: `${page()} is stale; ${again}\n${schema()} is stale; ${again}\n`,
    });
    expect(readFileSync(page(), 'utf8')).toBe('old');
  });

  it('takes files that were laid out otherwise for in step', async () => {
    await call(file(), ...files());
    writeFileSync(schema(), JSON.stringify(JSON.parse(readFileSync(schema(), 'utf8'))));
    writeFileSync(page(), readFileSync(page(), 'utf8').replaceAll('\n', '\r\n'));
    expect(await call(file(), ...files(), '--check')).toMatchObject({ code: 0, err: '' });
  });

  it('exits 1 with every problem of the catalogue', async () => {
    writeFileSync(file(), '{"apps": {}, "eventTypes": []}');
    expect(await call(file(), ...files())).toEqual({
      code: 1,
      out: '',
      err: `${file()}: eventTypes: must be an object\n${file()}: apps: is empty: no event could be taken\n`,
    });
    expect(await call(join(folder, 'none.json'))).toMatchObject({
      code: 1,
      err: `${join(folder, 'none.json')}: cannot be read\n`,
    });
  });

  it('exits 1 when a file cannot be written', async () => {
    mkdirSync(page(), { recursive: true });
    expect(await call(file(), '--out', page())).toMatchObject({
      code: 1,
      err: `${page()}: cannot be written (EISDIR)\n`,
    });
  });

  it('prints help', async () => {
    const { code, out } = await call('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: signals catalog docs FILE /);
  });

  it.each<[string[], string]>([
    [[], 'one catalogue file is needed'],
    [['a.json', 'b.json'], 'one catalogue file is needed'],
    [['a.json', '--chekc'], '--chekc'],
    [['a.json', '--out'], '--out'],
    [['a.json', '--out', ''], 'a file needs a name'],
    [['a.json', '--check'], '--check needs --out or --schema'],
  ])('exits 2 when used wrongly: %j', async (argv, message) => {
    const { code, out, err } = await call(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')[0]).toContain(message);
    expect(err).toContain('Usage: signals catalog docs');
  });
});
