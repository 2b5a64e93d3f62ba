import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { settingFiles } from '../../src/app/setting-files.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [0o600, false],
  [0o400, false],
  [0o640, true],
  [0o604, true],
  [0o620, true],
  [0o644, true],
])('a file of mode %o is open to others: %s, by a link as well', (mode, open) => {
  const file = join(folder, `secret-${mode}`);
  writeFileSync(file, 'text');
  chmodSync(file, mode);
  symlinkSync(file, `${file}-link`);
  expect([file, `${file}-link`].map(settingFiles.isOpenToOthers)).toEqual([open, open]);
  expect(settingFiles.read(`${file}-link`)).toBe('text');
});
