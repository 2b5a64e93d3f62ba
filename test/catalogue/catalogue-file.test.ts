import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CatalogueFile,
  type CatalogueFileOptions,
  createCatalogueFile,
} from '../../src/catalogue/index.js';
import type { Catalogue } from '../../src/domain/catalogue.js';
import type { Log } from '../../src/domain/ports/index.js';
import { smallFile } from './samples.js';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

let folder: string;
let path: string;
let lines: Line[];
let opened: CatalogueFile[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  path = join(folder, 'catalogue.json');
  lines = [];
  opened = [];
});

afterEach(async () => {
  for (const file of opened) file.stop();
  await rm(folder, { recursive: true });
});

const log: Log = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [
    level,
    (fields: unknown, message: string) => lines.push({ level, message, fields }),
  ]),
) as unknown as Log;

const text = (description: string) => JSON.stringify(smallFile({ description }));
const description = (file: CatalogueFile) => file.source.current().eventTypes.get('bought')?.description;

/** Opens `path`; unless asked otherwise nothing looks at it again but `check`. */
async function open(options: Partial<CatalogueFileOptions> = {}): Promise<CatalogueFile> {
  const file = await createCatalogueFile({ path, log, pollMs: 3_600_000, settleMs: 1, ...options });
  if (!file.ok) throw new Error(file.error.join('\n'));
  opened.push(file.value);
  return file.value;
}

describe('createCatalogueFile', () => {
  it('loads the file at once', async () => {
    await writeFile(path, text('First.'));
    const file = await open();
    expect(description(file)).toBe('First.');
    expect(file.status()).toEqual({ problems: [] });
  });

  it.each([
    ['is missing', null, 'the file cannot be read (ENOENT)'],
    [
      'is no JSON',
      '{',
      'not JSON: expected a key in double quotes, found the end of the file at line 1, column 2',
    ],
    ['is no catalogue', '{"apps": {}, "eventTypes": []}', 'eventTypes: must be an object'],
  ])('answers the problems of a file that %s', async (_what, content, problem) => {
    if (content !== null) await writeFile(path, content);
    const file = await createCatalogueFile({ path, log });
    expect(file).toEqual({ ok: false, error: expect.arrayContaining([problem]) });
  });

  it('takes a change by itself, without a restart', async () => {
    await writeFile(path, text('First.'));
    const reloads: Catalogue[] = [];
    const file = await open({ pollMs: 5, onReload: (catalogue) => reloads.push(catalogue) });
    await writeFile(path, text('Second.'));
    await vi.waitFor(() => expect(description(file)).toBe('Second.'), 10_000);
    expect(reloads).toEqual([file.source.current()]);
  });

  it('swaps the plan whole: one that was taken before stays as it was', async () => {
    await writeFile(path, text('First.'));
    const file = await open();
    const before = file.source.current();
    await writeFile(path, text('Second.'));
    await file.check();
    expect(before.eventTypes.get('bought')?.description).toBe('First.');
    expect(file.source.current()).not.toBe(before);
    expect(file.source.current().fingerprint).not.toBe(before.fingerprint);
  });

  it('takes a file that an editor put in the place of the old one', async () => {
    await writeFile(path, text('First.'));
    const file = await open();
    await writeFile(`${path}.new`, text('Second.'));
    await rename(`${path}.new`, path);
    await file.check();
    expect(description(file)).toBe('Second.');
  });

  it('takes a file behind symlinks that are swapped, as Kubernetes mounts them', async () => {
    for (const version of ['1', '2']) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'catalogue.json'), text(`Version ${version}.`));
    }
    await symlink('1', join(folder, '..data'));
    await symlink(join('..data', 'catalogue.json'), path);
    const file = await open();
    expect(description(file)).toBe('Version 1.');
    await symlink('2', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    await file.check();
    expect(description(file)).toBe('Version 2.');
  });

  it('notices a change that keeps length and time stamp', async () => {
    let content = text('One.');
    const file = await open({ readFile: async () => content });
    content = text('Two.');
    await file.check();
    expect(description(file)).toBe('Two.');
  });

  it.each([
    ['no JSON', '{"apps":'],
    ['no catalogue', '{}'],
    ['missing', null],
  ])('keeps the last good plan while the file is %s, and says so once', async (_what, content) => {
    await writeFile(path, text('Good.'));
    const reload = vi.fn();
    const file = await open({ onReload: reload });
    await (content === null ? rm(path) : writeFile(path, content));
    await file.check();
    await file.check();
    await file.check();
    expect(description(file)).toBe('Good.');
    expect(reload).not.toHaveBeenCalled();
    const { problems } = file.status();
    expect(problems).not.toEqual([]);
    expect(lines).toEqual([
      { level: 'error', message: 'catalogue refused; the last good one stays in use', fields: { problems } },
    ]);
  });

  it('recovers when the file is put right', async () => {
    await writeFile(path, text('Good.'));
    const file = await open();
    await writeFile(path, '{');
    await file.check();
    await writeFile(path, text('Better.'));
    await file.check();
    expect(description(file)).toBe('Better.');
    expect(file.status()).toEqual({ problems: [] });
    await rm(path);
    await file.check();
    await writeFile(path, text('Better.'));
    const plan = file.source.current();
    await file.check();
    expect(file.status()).toEqual({ problems: [] });
    expect(file.source.current()).toBe(plan);
  });

  it('does not judge a file that is still being written', async () => {
    await writeFile(path, text('First.'));
    const whole = text('Second.');
    const readings = [text('First.'), whole.slice(0, 9), whole.slice(0, 99), whole, whole];
    const file = await open({ readFile: async () => readings.shift() ?? whole });
    await file.check();
    expect(description(file)).toBe('Second.');
    expect(lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('leaves a file that never comes to rest to the next look', async () => {
    let changes = 0;
    let restless = false;
    const file = await open({
      readFile: async () => {
        if (restless) changes += 1;
        return text(`Change ${changes}.`);
      },
    });
    restless = true;
    await file.check();
    expect(description(file)).toBe('Change 0.');
    expect(changes).toBeLessThan(20);
    restless = false;
    await file.check();
    expect(description(file)).toBe(`Change ${changes}.`);
  });

  it('reads once for looks at the same time', async () => {
    let reads = 0;
    const file = await open({
      readFile: async () => {
        reads += 1;
        return text('Same.');
      },
    });
    await Promise.all([file.check(), file.check(), file.check()]);
    expect(reads).toBe(2);
  });

  it('lives on when a listener throws', async () => {
    await writeFile(path, text('First.'));
    const file = await open({
      onReload: () => {
        throw new Error('listener');
      },
    });
    await writeFile(path, text('Second.'));
    await file.check();
    expect(description(file)).toBe('Second.');
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: 'a listener of catalogue reloads failed' });
  });

  it('takes no change after it was stopped, not even one that it was looking at', async () => {
    await writeFile(path, text('First.'));
    const file = await open({ settleMs: 20 });
    await writeFile(path, text('Second.'));
    const looking = file.check();
    file.stop();
    await looking;
    expect(description(file)).toBe('First.');
  });

  it('refuses names of personal data in a reload too', async () => {
    await writeFile(path, text('First.'));
    const file = await open({ isPiiKey: (key) => key === 'secretName' });
    const property = { type: 'string', 'x-privacy': 'technical' };
    await writeFile(
      path,
      JSON.stringify(smallFile({ properties: { properties: { secretName: property } } })),
    );
    await file.check();
    expect(file.status().problems).toEqual([
      expect.stringContaining('secretName: is named like personal data'),
    ]);
  });
});
