import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runServer } from '../../src/app/serve.js';
import type { Environment } from '../../src/config/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-serve-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A start that is refused: what it prints, line by line. */
async function refused(env: Environment): Promise<readonly string[]> {
  let err = '';
  const code = await runServer([], {
    env: { SIGNALS_DATA_DIR: join(folder, 'data'), ...env },
    stdout: { write: (text) => expect.fail(text) },
    stderr: { write: (text) => (err += text) },
    fetch: () => Promise.reject(new Error('no network')),
    now: () => new Date(0),
  });
  expect(code).toBe(1);
  return err.trimEnd().split('\n');
}

describe('a start with wrong settings', () => {
  it('says everything at once: the settings, what only their users can judge, the files that they name', async () => {
    writeFileSync(join(folder, 'salt-secret'), '', { mode: 0o600 });
    const lines = await refused({
      SIGNALS_DATA_DIR: folder,
      PORT: 'hunter2',
      SIGNALS_RETENTION_DAY: 'hunter2',
      SIGNALS_COLOUR: 'hunter2',
      SIGNALS_JWT_ALGORITHMS: 'HS256',
      SIGNALS_JWT_PREFIXES: 'hunter2:',
      SIGNALS_CATALOG: join(folder, 'hunter2.json'),
      SIGNALS_OWNERSHIP_MODULE: join(folder, 'hunter2.mjs'),
    });
    expect(lines).toEqual([
      'Signals cannot start:',
      expect.stringMatching(/^ {2}- SIGNALS_RETENTION_DAY is not a setting/),
      expect.stringMatching(/^ {2}- PORT must be/),
      expect.stringMatching(/^ {2}- SIGNALS_JWT_ALGORITHMS may only hold/),
      expect.stringMatching(/^ {2}- SIGNALS_JWT_PREFIXES must be/),
      expect.stringMatching(/^ {2}- salt-secret in SIGNALS_DATA_DIR is empty/),
      expect.stringMatching(/^ {2}- SIGNALS_OWNERSHIP_MODULE must name/),
      expect.stringMatching(/^ {2}- SIGNALS_CATALOG the file cannot be read/),
      'Warnings:',
      expect.stringMatching(/^ {2}- SIGNALS_COLOUR is not a setting/),
    ]);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('makes nothing: no folder, no secret', async () => {
    await refused({ SIGNALS_SALT_SECRET: 'short' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the setting where the data folder is none', async () => {
    writeFileSync(join(folder, 'file'), '');
    const notAFolder = ['Signals cannot start:', '  - SIGNALS_DATA_DIR is not a folder'];
    expect(await refused({ SIGNALS_DATA_DIR: join(folder, 'file') })).toEqual(notAFolder);
    expect(await refused({ SIGNALS_DATA_DIR: join(folder, 'file', 'data') })).toEqual(notAFolder);
  });
});
