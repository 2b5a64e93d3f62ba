import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/catalog-diff.js';
import type { JsonObject } from '../../src/contract/index.js';
import { smallFile } from '../catalogue/samples.js';
import { call as callCommand } from './call.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = (...argv: string[]) => callCommand(run, argv);

function file(name: string, content: JsonObject | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const p = { type: 'string', 'x-privacy': 'technical' };
const withP = (more: JsonObject, rest: JsonObject = {}) =>
  smallFile({ properties: { properties: { p: { ...p, ...more } } }, ...rest });

describe('catalog diff', () => {
  it('exits 0 where nothing has changed', async () => {
    const old = file('old.json', smallFile());
    expect(await call(old, old)).toEqual({ code: 0, out: 'No changes.\n', err: '' });
    expect(await call(old, old, '--json')).toEqual({
      code: 0,
      out: '{\n  "compatible": true,\n  "changes": []\n}\n',
      err: '',
    });
  });

  it('exits 0 where all changes are compatible', async () => {
    const old = file('old.json', smallFile());
    const next = file('new.json', withP({}, { owner: 'other' }));
    expect(await call(old, next)).toEqual({
      code: 0,
      out: `Compatible (1)
  eventTypes.bought.properties.properties.p: the property was added (technical)

Notes (1)
  eventTypes.bought.owner: the owner was changed
`,
      err: '',
    });
  });

  it('exits 1 where one is not, and names it first', async () => {
    const old = file('old.json', withP({}));
    const next = file('new.json', withP({ maxLength: 9, 'x-privacy': 'sensitive' }, { maxBytes: 4096 }));
    expect(await call(old, next)).toEqual({
      code: 1,
      out: `Incompatible: clients built against the old catalogue lose events or properties (1)
  eventTypes.bought.properties.properties.p.maxLength: the length was ≤ 64, is ≤ 9: more is refused

Privacy: to be looked at by a person (1)
  eventTypes.bought.properties.properties.p["x-privacy"]: x-privacy was technical, is sensitive: closer to a person than was thought

Compatible (1)
  eventTypes.bought.maxBytes: maxBytes was 2048, is 4096
`,
      err: '',
    });
  });

  it('exits 1 for a matter of privacy alone', async () => {
    const old = file('old.json', withP({}));
    const next = file('new.json', withP({ 'x-privacy': 'identifier' }));
    expect(await call(old, next)).toMatchObject({ code: 1 });
  });

  it('prints JSON for programs', async () => {
    const old = file('old.json', withP({}));
    const next = file('new.json', smallFile());
    const { code, out, err } = await call('--json', old, next);
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toEqual({
      compatible: false,
      changes: [
        {
          level: 'incompatible',
          kind: 'property_removed',
          path: 'eventTypes.bought.properties.properties.p',
          eventType: 'bought',
          eventVersion: 1,
          property: 'p',
          message: 'the property was removed: it is cut off',
        },
      ],
    });
  });

  it('exits 2 with every problem of both files', async () => {
    const old = file('old.json', '{');
    const next = join(folder, 'none.json');
    expect(await call(old, next)).toEqual({
      code: 2,
      out: '',
      err: `${old}: not JSON: expected a key in double quotes, found the end of the file at line 1, column 2\n${next}: cannot be read\n`,
    });
    expect(await call(file('good.json', smallFile()), next)).toMatchObject({ code: 2, out: '' });
  });

  it('prints help', async () => {
    const { code, out, err } = await call('--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: signals catalog diff OLD NEW/);
  });

  it.each<[string[], string]>([
    [[], 'two files are needed: OLD NEW'],
    [['a'], 'two files are needed: OLD NEW'],
    [['a', 'b', 'c'], 'two files are needed: OLD NEW'],
    [['a', 'b', '--jsn'], '--jsn'],
  ])('exits 2 when used wrongly: %j', async (argv, message) => {
    const { code, out, err } = await call(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')[0]).toContain(message);
    expect(err).toContain('Usage: signals catalog diff');
  });
});
