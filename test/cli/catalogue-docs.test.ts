import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/catalogue-docs.js';

let folder: string;
let out: string;
let err: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-docs-'));
  out = '';
  err = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

function call(...argv: string[]): Promise<number> {
  return run(argv, {
    env: {},
    stdout: {
      write(text) {
        out += text;
      },
    },
    stderr: {
      write(text) {
        err += text;
      },
    },
    fetch: () => Promise.reject(new Error('no network')),
    now: () => new Date(0),
  });
}

const page = () => join(folder, 'catalogue.md');
const schema = () => join(folder, 'catalogue.schema.json');
const files = () => ['--out', page(), '--schema', schema()];

describe('catalogue-docs', () => {
  it('finds the shipped page and schema in step', async () => {
    expect(await call('--check')).toBe(0);
    expect([out, err]).toEqual(['', '']);
  });

  it('writes what is stale, and nothing the second time', async () => {
    expect(await call(...files())).toBe(0);
    expect(out).toBe(`wrote ${page()}\nwrote ${schema()}\n`);
    expect(readFileSync(page(), 'utf8')).toMatch(/^# Catalogue\n/);
    out = '';
    expect(await call(...files())).toBe(0);
    expect(out).toBe('');
    expect(await call('--check', ...files())).toBe(0);
  });

  it('exits 1 with --check when a file is stale, and writes nothing', async () => {
    await call(...files());
    writeFileSync(page(), 'old');
    writeFileSync(schema(), '{');
    expect(await call(...files(), '--check')).toBe(1);
    expect(err).toContain(`${page()} is stale`);
    expect(err).toContain(`${schema()} is stale`);
    expect(readFileSync(page(), 'utf8')).toBe('old');
  });

  it('takes a schema that was laid out otherwise for in step', async () => {
    await call(...files());
    writeFileSync(schema(), JSON.stringify(JSON.parse(readFileSync(schema(), 'utf8'))));
    expect(await call(...files(), '--check')).toBe(0);
  });

  it('exits 1 with every problem of the catalogue', async () => {
    const catalogue = join(folder, 'bad.json');
    writeFileSync(catalogue, '{"apps": {}, "eventTypes": []}');
    expect(await call('--catalogue', catalogue, ...files())).toBe(1);
    expect(err).toBe(
      `${catalogue}: eventTypes: must be an object\n${catalogue}: apps: is empty: no event could be taken\n`,
    );
    expect(await call('--catalogue', join(folder, 'none.json'))).toBe(1);
    expect(err).toContain('none.json: cannot be read');
  });

  it('prints help', async () => {
    expect(await call('--help')).toBe(0);
    expect(out).toMatch(/^Usage: npm run catalogue-docs/);
  });

  it.each([
    [['--chekc'], 'unknown option --chekc'],
    [['--out'], '--out needs a file'],
  ])('exits 2 when used wrongly: %j', async (argv, message) => {
    expect(await call(...argv)).toBe(2);
    expect(err).toContain(message);
  });
});
