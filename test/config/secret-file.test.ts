import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SecretFile, watchSecretFile } from '../../src/config/secret-file.js';
import { createLog } from '../../src/observability/log.js';

let content: string | null;
let lines: string[];
let file: SecretFile<string>;

const open = () =>
  watchSecretFile({
    path: '/run/secrets/salt',
    name: 'SIGNALS_SALT_SECRET',
    readFile: () => {
      if (content === null) throw new Error('ENOENT');
      return content;
    },
    problem: (text) => (text.length < 8 ? 'is too short' : null),
    use: (text) => `made of ${text}`,
    log: createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } }),
    pollMs: 1_000,
  });

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  content = 'first-secret\n';
  file = open();
});
afterEach(() => {
  file.stop();
  vi.useRealTimers();
});

describe('a secret’s file', () => {
  it('is in use from the start, without its line break', () => {
    expect([file.current(), file.generation()]).toEqual(['made of first-secret', 1]);
  });
  it('is in use within a second of a change, and says so without showing it', () => {
    content = 'second-secret';
    vi.advanceTimersByTime(1_000);
    expect([file.current(), file.generation()]).toEqual(['made of second-secret', 2]);
    expect(lines.join()).toContain('secret changed');
    expect(lines.join()).not.toContain('second-secret');
  });
  it('that is missing for a moment, as when Kubernetes swaps it, changes nothing', () => {
    content = null;
    vi.advanceTimersByTime(2_000);
    expect(file.current()).toBe('made of first-secret');
  });
  it('that stays away ends the use of the old secret', () => {
    content = null;
    vi.advanceTimersByTime(3_000);
    expect(file.current()).toBeNull();
    content = 'third-secret';
    vi.advanceTimersByTime(1_000);
    expect(file.current()).toBe('made of third-secret');
  });
  it('with something that is no secret ends it at once', () => {
    content = 'tiny-1';
    vi.advanceTimersByTime(1_000);
    expect(file.current()).toBeNull();
    expect(lines.join()).toContain('"why":"the secret is too short"');
    expect(lines.join()).not.toContain('tiny-1');
  });
  it('that held the old secret again after a refusal is in use again', () => {
    content = 'short';
    vi.advanceTimersByTime(1_000);
    content = 'first-secret';
    vi.advanceTimersByTime(1_000);
    expect(file.current()).toBe('made of first-secret');
  });
});
