import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ambient, ambientReads } from './ambient-reads.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where code may reach for the world itself. Everywhere else it comes in as a parameter. */
const allowed: Readonly<Record<string, readonly Ambient[]>> = {
  // The entries, which pass on what they find.
  'src/main.ts': ['environment', 'clock', 'network'],
  'src/cli/main.ts': ['environment', 'clock', 'network'],
  // The clients' own defaults, each replaceable by an option.
  'src/sdk/platform.ts': ['clock', 'randomness', 'network'],
  'src/sdk/offline/platform.ts': ['clock'],
  'src/sdk/debug/index.ts': ['network'],
  'src/sdk/urql.ts': ['network'],
  'src/node-client/platform.ts': ['clock', 'randomness', 'network'],
  // Secrets, keys and names that must be new in every process: one that can be chosen is none.
  'src/app/embedded/credentials.ts': ['randomness'],
  'src/domain/privacy/identity/keyed-digest.ts': ['randomness'],
  'src/http/server.ts': ['randomness'],
  'src/store/pglite/data-folder-lock.ts': ['randomness'],
  'src/store/sql/rewrite-rows.ts': ['randomness'],
};

/** What each file reaches for, once per kind. */
function reads(): Map<string, readonly Ambient[]> {
  const own = ['src', 'jobs']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('src/generated/'));
  expect(own.length).toBeGreaterThan(250);
  const found = own.map(
    (path) =>
      [
        path,
        [...new Set(ambientReads(readFileSync(join(root, path), 'utf8'), path).map(({ what }) => what))],
      ] as const,
  );
  return new Map(found.filter(([, what]) => what.length > 0));
}

describe('the environment, the clock, randomness and the network', () => {
  it('are read only where it is allowed', () => {
    const strangers = [...reads()].flatMap(([path, found]) =>
      found.filter((what) => !allowed[path]?.includes(what)).map((what) => `${path}: ${what}`),
    );
    expect(strangers).toEqual([]);
  });

  it('are read in every place that the list allows', () => {
    const found = reads();
    const unused = Object.entries(allowed).flatMap(([path, kinds]) =>
      kinds.filter((what) => !found.get(path)?.includes(what)).map((what) => `${path}: ${what}`),
    );
    expect(unused).toEqual([]);
  });

  it.each<[string, Ambient, string]>([
    ['const { PORT } = process.env;', 'environment', 'process.env'],
    ["const { PORT } = process['env'];", 'environment', "process['env']"],
    ["import { env } from 'node:process';", 'environment', 'env'],
    ['const now = Date.now();', 'clock', 'Date.now'],
    ['const now = new Date();', 'clock', 'new Date()'],
    ['const wait = 100 * Math.random();', 'randomness', 'Math.random'],
    ["import { randomUUID as id } from 'node:crypto';", 'randomness', 'randomUUID as id'],
    ['export const load = () => fetch(url);', 'network', 'fetch'],
    ['const send = options.fetch ?? fetch;', 'network', 'fetch'],
    ['const load = ({ fetch: given }: Deps) => given ?? fetch;', 'network', 'fetch'],
    ['const send = globalThis.fetch;', 'network', 'globalThis.fetch'],
  ])('a planted breach is found: %s', (source, what, text) => {
    expect(ambientReads(source)).toEqual([{ what, text, line: 1 }]);
  });

  it.each([
    'const at = new Date(text);',
    'export const load = ({ fetch }: Deps) => fetch(url);',
    'const began = performance.now();',
    'interface Deps { readonly fetch: typeof fetch }',
  ])('what is passed in or decides nothing is none: %s', (source) => {
    expect(ambientReads(source)).toEqual([]);
  });
});
