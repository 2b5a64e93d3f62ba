import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const entries: readonly [entry: string, load: () => Promise<object>, names: readonly string[]][] = [
  ['sdk/index', () => import('../../src/sdk/index.js'), ['createTracker']],
  ['sdk/tab-session', () => import('../../src/sdk/tab-session.js'), ['noSession', 'tabSession']],
  ['sdk/offline/index', () => import('../../src/sdk/offline/index.js'), ['createOfflineStore']],
  ['sdk/apollo', () => import('../../src/sdk/apollo.js'), ['apolloTransport']],
  ['sdk/urql', () => import('../../src/sdk/urql.js'), ['urqlTransport']],
  ['sdk/debug/index', () => import('../../src/sdk/debug/index.js'), ['debugFetch']],
  ['sdk/testing', () => import('../../src/sdk/testing.js'), ['createTestTracker']],
  [
    'sdk/capture/index',
    () => import('../../src/sdk/capture/index.js'),
    [
      'CursorFocusTracker',
      'RevertDetector',
      'attachInteractionCapture',
      'createInteractionEvents',
      'createTextHash',
    ],
  ],
  [
    'react/index',
    () => import('../../src/react/index.js'),
    ['TrackerProvider', 'useTrackEvent', 'useTrackView', 'useTracker'],
  ],
  ['react/capture', () => import('../../src/react/capture.js'), ['useInteractionCapture']],
];

it.each(entries)('%s exports exactly these values', async (_, load, names) => {
  expect(Object.keys(await load()).sort()).toEqual(names);
});

it('the entries for browsers are those of the client’s package.json, and no other', async () => {
  const manifest = new URL('../../packages/client/package.json', import.meta.url);
  const { exports } = JSON.parse(await readFile(manifest, 'utf8'));
  const types = Object.entries<{ readonly types?: string } | string>(exports)
    .filter(([name]) => name !== './node')
    .flatMap(([, target]) => (typeof target === 'string' ? [] : [target.types]));
  const expected = entries.map(([entry]) => `./dist/types/${entry}.d.ts`);
  // Of `.` and of `./core`, which are one.
  expect(types.sort()).toEqual([...expected, './dist/types/sdk/index.d.ts'].sort());
});

const source = new URL('../../src/', import.meta.url);

async function sources(): Promise<readonly string[]> {
  const found = await Promise.all(
    ['client/', 'sdk/', 'react/'].map(async (folder) => {
      const names = await readdir(new URL(folder, source), { recursive: true });
      return names.filter((name) => /\.tsx?$/.test(name)).map((name) => folder + name);
    }),
  );
  return found.flat().sort();
}

/** What a file imports, re-exports or requires, types included. */
const importsOf = (text: string) =>
  [...text.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*\(?\s*'([^']+)'/g)].map(([, name]) => name ?? '');

it('no file of the browser’s imports a Node module or one of the server’s', async () => {
  const files = await sources();
  expect(files.length).toBeGreaterThan(50);
  const offences: string[] = [];
  for (const file of files) {
    for (const name of importsOf(await readFile(new URL(file, source), 'utf8'))) {
      const target = name.startsWith('.') ? new URL(name, new URL(file, source)).href : name;
      const inside = ['client/', 'sdk/', 'react/', 'contract/'].some((folder) =>
        target.startsWith(source.href + folder),
      );
      const isPeer = ['react', '@apollo/client/core'].includes(target);
      if (!inside && !isPeer) offences.push(`${file} imports ${name}`);
    }
  }
  expect(offences).toEqual([]);
});

it('would see a Node module: the check reads what it is to read', () => {
  expect(importsOf("import { a } from 'node:fs';\nimport 'fs';\nawait import('os');")).toEqual([
    'node:fs',
    'fs',
    'os',
  ]);
});

it('only the adapters know a client, and only the React entries know React', async () => {
  const of = async (name: string) => {
    const files = await sources();
    const texts = await Promise.all(files.map((file) => readFile(new URL(file, source), 'utf8')));
    return files.filter((_, index) => importsOf(texts[index] ?? '').includes(name));
  };
  expect(await of('@apollo/client/core')).toEqual(['sdk/apollo.ts']);
  for (const file of await of('react')) expect(file).toMatch(/^react\//);
});

it('the files of the browser name no Node global', async () => {
  for (const file of await sources()) {
    const text = await readFile(new URL(file, source), 'utf8');
    expect(text, file).not.toMatch(/\b(process|Buffer|setImmediate|__dirname)\b[.(]/);
  }
});
