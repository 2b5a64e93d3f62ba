import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../../src/store/open-store.js';
import { compileScript, type Script } from '../../support/child.js';
import { migrationsDir, openTestStore, storedEvents } from '../../support/database.js';
import { anonymousEvent } from '../../support/events.js';

describe('a store in a folder', () => {
  let script: Script | undefined;
  let root = '';
  let dataDir = '';
  const opened: OpenedStore[] = [];
  const open = async (): Promise<OpenedStore> => {
    const store = await openTestStore({ dataDir });
    opened.push(store);
    return store;
  };
  const child = (task: string) => {
    if (!script) throw new Error('not compiled');
    return script.start(task, dataDir, migrationsDir);
  };

  beforeAll(async () => {
    script = await compileScript(fileURLToPath(new URL('../children/store-child.ts', import.meta.url)));
  });
  afterAll(() => script?.remove());
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signals-pglite-'));
    dataDir = join(root, 'missing', 'parents', 'pglite');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
    rmSync(root, { recursive: true, force: true });
  });

  it('keeps what it stored when it is closed and opened again', async () => {
    const event = anonymousEvent();
    const first = await open();
    await first.store.append([event]);
    await first.store.close();
    const second = await open();
    expect(await second.migrate()).toEqual({ applied: [] });
    expect(await storedEvents(second.prisma)).toEqual([event]);
    expect(await second.store.append([event])).toEqual(['DUPLICATE']);
  });

  it('makes the folders that are missing, for this account alone', async () => {
    await open();
    for (const path of [dataDir, join(dataDir, '..'), join(dataDir, '..', '..')]) {
      expect((statSync(path).mode & 0o777).toString(8)).toBe('700');
    }
    expect((statSync(`${dataDir}.lock`).mode & 0o777).toString(8)).toBe('600');
  });

  it('loses nothing that was acknowledged when its process is killed', async () => {
    const writer = child('write');
    const acknowledged: string[] = [];
    for await (const id of writer.lines) {
      acknowledged.push(id);
      if (acknowledged.length === 400) break;
    }
    await writer.kill();
    const { prisma, store } = await open();
    const stored = await prisma.event.findMany({ where: { id: { in: acknowledged } }, select: { id: true } });
    expect(stored).toHaveLength(400);
    expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
  });

  it('refuses a second process, and a second opening in this one, and lets them in afterwards', async () => {
    const { store } = await open();
    expect(await child('open').output()).toBe('data_folder_in_use\n');
    await expect(open()).rejects.toMatchObject({ code: 'data_folder_in_use', pid: String(process.pid) });
    expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
    await store.close();
    expect(existsSync(`${dataDir}.lock`)).toBe(false);
    expect(await child('open').output()).toBe('opened\n');
  });

  describe('with a lock file left behind', () => {
    const me = { host: hostname(), pid: process.pid, started: 'in another life', nonce: 'n' };
    const leave = async (content: string, ageSeconds = 0): Promise<void> => {
      const { store } = await open();
      await store.close();
      writeFileSync(`${dataDir}.lock`, content);
      const then = Date.now() / 1000 - ageSeconds;
      utimesSync(`${dataDir}.lock`, then, then);
    };

    it.each([
      { what: 'by a process whose number is another’s now', content: JSON.stringify(me), age: 0 },
      { what: 'by a process that is gone', content: JSON.stringify({ ...me, pid: 2 ** 22 + 1 }), age: 0 },
      {
        what: 'by a silent process of another host',
        content: JSON.stringify({ ...me, host: 'elsewhere' }),
        age: 60,
      },
      { what: 'by a process that died while it wrote it', content: '', age: 60 },
    ])('recovers one $what', async ({ content, age }) => {
      await leave(content, age);
      const { store } = await open();
      expect(JSON.parse(readFileSync(`${dataDir}.lock`, 'utf8'))).toMatchObject({ pid: process.pid });
      expect(await store.readiness()).toEqual({ ready: true });
    });

    it.each([
      {
        what: 'of a process of another host that was heard of a moment ago',
        content: JSON.stringify({ ...me, host: 'elsewhere' }),
      },
      { what: 'that is being written this moment', content: '' },
    ])('respects one $what', async ({ content }) => {
      await leave(content);
      await expect(open()).rejects.toMatchObject({ code: 'data_folder_in_use' });
    });
  });
});
