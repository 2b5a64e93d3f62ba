import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, examine, layers, outside } from './layers.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the layers', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await examine(root, ['src', 'jobs', 'tools']);
  }, 60_000);
  const sources = () =>
    result.modules.map(({ source }) => source).filter((path) => /^(src|jobs|tools)\//.test(path));

  it('were really looked at', () => {
    expect(sources().length).toBeGreaterThan(250);
    for (const folder of Object.keys(layers)) {
      expect(
        sources().some((path) => path.startsWith(`${folder}/`)),
        folder,
      ).toBe(true);
    }
    // An import that could not be resolved is an import that was not judged.
    const unresolved = result.modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ couldNotResolve }) => couldNotResolve)
        .map(({ module }) => `${source} -> ${module}`),
    );
    expect(unresolved).toEqual([]);
  });

  it('are kept', () => {
    expect(broken(result)).toEqual([]);
  });

  it('hold every file', () => {
    const known = [...Object.keys(layers), ...outside];
    expect(
      sources().filter((path) => !known.some((name) => path === name || path.startsWith(`${name}/`))),
    ).toEqual([]);
  });
});

/** Small trees, each with one breach in it: what each rule must find. */
const breaches: readonly { readonly finds: string; readonly files: Readonly<Record<string, string>> }[] = [
  {
    finds: 'src/domain imports only what it may: src/domain/planted.ts -> src/store/planted.ts',
    files: {
      'src/domain/planted.ts': "export { stored } from '../store/planted.js';",
      'src/store/planted.ts': 'export const stored = 1;',
    },
  },
  {
    finds: 'src/app imports only what it may: src/app/planted.ts -> src/cli/planted.ts',
    files: {
      'src/app/planted.ts': "export { command } from '../cli/planted.js';",
      'src/cli/planted.ts': 'export const command = 1;',
    },
  },
  {
    finds: 'src/cli imports only what it may: src/cli/planted.ts -> tools/replay/planted.ts',
    files: {
      'src/cli/planted.ts': "export { replay } from '../../tools/replay/planted.js';",
      'tools/replay/planted.ts': 'export const replay = 1;',
    },
  },
  {
    finds: 'jobs imports only what it may: jobs/planted.ts -> src/store/planted.ts',
    files: {
      'jobs/planted.ts': "export { stored } from '../src/store/planted.js';",
      'src/store/planted.ts': 'export const stored = 1;',
    },
  },
  {
    finds: 'tools/schema imports only what it may: tools/schema/planted.ts -> src/store/planted.ts',
    files: {
      'tools/schema/planted.ts': "export { stored } from '../../src/store/planted.js';",
      'src/store/planted.ts': 'export const stored = 1;',
    },
  },
  {
    finds: 'src/contract uses only its packages: src/contract/planted.ts -> fs',
    files: { 'src/contract/planted.ts': "export { readFileSync } from 'node:fs';" },
  },
  {
    finds: 'only the schedule knows node-cron: jobs/planted.ts -> ',
    files: { 'jobs/planted.ts': "export { schedule } from 'node-cron';" },
  },
  {
    finds:
      'only the SQL store and one file of the read side know what Prisma generates: src/graphql/planted.ts -> src/generated/pothos.ts',
    files: {
      'src/graphql/planted.ts': "export type { Models } from '../generated/pothos.js';",
      'src/generated/pothos.ts': 'export interface Models { Event: unknown }',
    },
  },
  {
    finds:
      'only the SQL store and one file of the read side know what Prisma generates: src/app/planted.ts -> src/generated/prisma/client.ts',
    files: {
      'src/app/planted.ts': "export type { Client } from '../generated/prisma/client.js';",
      'src/generated/prisma/client.ts': 'export interface Client { event: unknown }',
    },
  },
  {
    finds: 'no circles, types included: src/auth/one.ts -> src/auth/two.ts',
    files: {
      'src/auth/one.ts': "import type { Two } from './two.js';\nexport interface One { two: Two }",
      'src/auth/two.ts': "import type { One } from './one.js';\nexport interface Two { one: One }",
    },
  },
];

describe('a planted breach', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each(breaches)('is found: $finds', async ({ finds, files }) => {
    const folder = mkdtempSync(join(tmpdir(), 'signals-boundaries-'));
    folders.push(folder);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const tops = [...new Set(Object.keys(files).map((path) => path.split('/', 1)[0] ?? ''))];
    const found = broken(await examine(folder, tops));
    expect(found.some((line) => line.startsWith(finds))).toBe(true);
  });
});
