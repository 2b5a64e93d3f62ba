import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgets, judge, withoutBudget } from './budget.js';
import { initialOutputs, measure } from './measure.js';
import { readOptions } from './options.js';
import { entriesTable, peersTable, withRegion } from './report.js';
import { run } from './size.js';

const core = { entry: '.', gzip: 4_000 };

describe('judge', () => {
  it('fails what is one byte over its budget', () => {
    expect(judge(core, { minified: 9_000, gzip: 4_001 })).toMatchObject({
      isOver: true,
      gzip: 4_001,
      budget: 4_000,
    });
  });

  it('passes what is exactly at its budget, and what is under it', () => {
    expect(judge(core, { minified: 9_000, gzip: 4_000 }).isOver).toBe(false);
    expect(judge(core, { minified: 9_000, gzip: 1 }).isOver).toBe(false);
  });

  it('holds the gzipped size against the budget, not the minified', () => {
    expect(judge(core, { minified: 4_001, gzip: 3_000 }).isOver).toBe(false);
  });

  it('fails a size that is no number', () => {
    expect(judge(core, { minified: 0, gzip: Number.NaN }).isOver).toBe(true);
  });
});

describe('withoutBudget', () => {
  it('names an entry that was added without a budget, and neither the tracker for Node nor another name', () => {
    const known = budgets.map(({ entry }) => entry);
    expect(withoutBudget(['./core', './node', './package.json', ...known])).toEqual([]);
    expect(withoutBudget([...known, './new'])).toEqual(['./new']);
  });
});

describe('measure', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signals-size-'));
    writeFileSync(
      join(folder, 'used.js'),
      "export const used = 'used'; export const unused = 'x'.repeat(10);",
    );
    writeFileSync(join(folder, 'later.js'), `export const later = ${JSON.stringify(noise(5_000))};`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const of = (code: string) => measure({ code, folder });

  it('counts what is imported, minified and gzipped', async () => {
    const large = await of("import { later } from './later.js'; console.log(later);");
    expect(large.minified).toBeGreaterThan(5_000);
    expect(large.gzip).toBeLessThan(large.minified);
    expect(large.gzip).toBeGreaterThan(2_000);
  });

  it('does not count what is only loaded later', async () => {
    const lazy = await of("import('./later.js').then(({ later }) => console.log(later));");
    expect(lazy.minified).toBeLessThan(200);
  });

  it('counts what is loaded at first and later too', async () => {
    const both = await of("import { later } from './later.js'; import('./later.js'); console.log(later);");
    expect(both.minified).toBeGreaterThan(5_000);
  });

  it('does not count what nobody uses', async () => {
    const all = await of("export * from './used.js';");
    const one = await of("export { used } from './used.js';");
    expect(one.minified).toBeLessThan(all.minified);
  });

  it('does not count React', async () => {
    const { minified } = await of("import { useEffect } from 'react'; useEffect();");
    expect(minified).toBeLessThan(100);
  });

  it('reads a module from where it is told to', async () => {
    const alias = { 'signals-client': join(folder, 'used.js') };
    const program = { code: "export * from 'signals-client';", folder };
    await expect(measure(program)).rejects.toThrow('signals-client');
    expect((await measure({ ...program, alias })).minified).toBeGreaterThan(0);
  });

  it('refuses what cannot run in a browser', async () => {
    await expect(of("export * from 'node:fs';")).rejects.toThrow('node:fs');
  });
});

it('follows static imports from the entry, and through circles', () => {
  const output = (path: string, kind: 'import-statement' | 'dynamic-import') => ({ path, kind });
  const found = initialOutputs({
    'out/stdin.js': part([output('out/a.js', 'import-statement'), output('out/c.js', 'dynamic-import')]),
    'out/a.js': part([output('out/b.js', 'import-statement'), output('react', 'import-statement')]),
    'out/b.js': part([output('out/a.js', 'import-statement')]),
    'out/c.js': part([]),
  });
  expect([...found].sort()).toEqual(['out/a.js', 'out/b.js', 'out/stdin.js']);
});

describe('the command line', () => {
  it('--write measures the other trackers too', () => {
    expect(readOptions(['--write'])).toMatchObject({ peers: true, write: true });
    expect(readOptions([])).toEqual({ peers: false, write: false, json: false, help: false });
  });

  it('an unknown option is used wrongly', () => {
    expect(readOptions(['--smaller'])).toBeNull();
  });
});

describe('run', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'signals-size-'));
    writeFileSync(join(root, 'small.js'), 'export const small = 1;');
    writeFileSync(join(root, 'large.js'), `export const large = ${JSON.stringify(noise(20_000))};`);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Runs on a package whose entries are all small, but for those named. */
  async function runOn(exports: Readonly<Record<string, string>>) {
    const entries = Object.fromEntries(budgets.map(({ entry }) => [entry, { default: './small.js' }]));
    const json = { exports: { ...entries, ...exports } };
    writeFileSync(join(root, 'package.json'), JSON.stringify(json));
    const written = { out: '', err: '' };
    const code = await run(['--json'], {
      root,
      client: root,
      here: root,
      installPeers: () => false,
      now: () => new Date(0),
      stdout: { write: (text) => (written.out += text) },
      stderr: { write: (text) => (written.err += text) },
    });
    return { code, ...written };
  }

  it('exits 0 when all are within their budgets', async () => {
    const { code, out, err } = await runOn({});
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ unit: 'bytes', peers: [] });
  });

  it('exits 1 and says which when one is over', async () => {
    const { code, err } = await runOn({ './urql': './large.js' });
    expect(code).toBe(1);
    expect(err).toMatch(/^size: \.\/urql is \d+ bytes over its budget of 700\n$/);
  });

  it('exits 1 for an entry without a budget', async () => {
    const { code, err } = await runOn({ './new': './small.js' });
    expect({ code, err }).toEqual({ code: 1, err: 'size: ./new has no budget in test/size/budget.ts\n' });
  });

  it('exits 1 when an entry has not been built', async () => {
    const { code, err } = await runOn({ '.': './missing.js' });
    expect(code).toBe(1);
    expect(err).toContain('missing.js');
  });
});

describe('the tables', () => {
  it('say how much is left, or over', () => {
    const text = entriesTable([
      judge(core, { minified: 9_000, gzip: 3_900 }),
      judge(core, { minified: 9_000, gzip: 4_100 }),
    ]);
    expect(text).toContain('| `.` | 9,000 | 3,900 | 4,000 | 100 left |');
    expect(text).toContain('| `.` | 9,000 | 4,100 | 4,000 | **100 over** |');
  });

  it('have the smallest tracker first', () => {
    const row = { version: '1', licence: 'MIT', about: '', minified: 1 };
    const text = peersTable([
      { ...row, label: 'large', gzip: 2 },
      { ...row, label: 'small', gzip: 1 },
    ]);
    expect(text.indexOf('small')).toBeLessThan(text.indexOf('large'));
  });

  it('stand between the marks of the page, and a missing mark is an error', () => {
    const page = 'a\n<!-- x:start -->\nold\n<!-- x:end -->\nb';
    expect(withRegion(page, 'x', '$1 new\n')).toBe('a\n<!-- x:start -->\n$1 new\n<!-- x:end -->\nb');
    expect(() => withRegion(page, 'y', '')).toThrow('no region y');
  });

  it('the page in docs has both regions', () => {
    const page = readFileSync(new URL('../../docs/client-size.md', import.meta.url), 'utf8');
    for (const name of ['entries', 'peers']) expect(() => withRegion(page, name, '')).not.toThrow();
  });
});

/** Text that gzip cannot make much smaller; the same one each time. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 36).toString(36);
  }).join('');
}

function part(imports: { path: string; kind: 'import-statement' | 'dynamic-import' }[]) {
  return { imports, exports: [], inputs: {}, bytes: 1 };
}
