import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownFile } from '../../../src/app/embedded/own-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-own-'));
  path = join(folder, 'data', 'secret');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe('a file of our own', () => {
  it('is made once, for its owner alone', () => {
    expect(ownFile(path, () => 'first\n')).toBe('first');
    expect(ownFile(path, () => 'second')).toBe('first');
    expect([modeOf(path), modeOf(join(folder, 'data'))]).toEqual([0o600, 0o700]);
  });

  it('is that of another process, where one makes it at the same time', () => {
    const ours = ownFile(path, () => {
      writeFileSync(path, 'theirs');
      return 'ours';
    });
    expect(ours).toBe('theirs');
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(join(folder, 'data'))).toEqual(['secret']);
  });

  it('is not there at all where the making fails, and nothing else is left', () => {
    const fail = (): string => {
      throw new Error('no randomness');
    };
    expect(() => ownFile(path, fail)).toThrow('no randomness');
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
  });

  it('is never written again, whatever it holds', () => {
    ownFile(path, () => 'first');
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    expect(ownFile(path, () => 'second')).toBe('');
    expect(modeOf(path)).toBe(0o644);
  });
});
