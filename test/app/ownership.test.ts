import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadOwnership } from '../../src/app/ownership.js';
import { draftOf } from '../../src/domain/ingest/draft.js';
import { noon, pageViewed, person } from '../support/pipeline.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-rule-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const draft = () => ({ ...draftOf(pageViewed(), noon), entityType: 'journey', entityId: 'j1' });

describe('the ownership module', () => {
  it('is not asked where there is none', async () => {
    expect(await loadOwnership(null, undefined)).toBeNull();
  });
  it('is loaded from where the setting points', async () => {
    const path = join(folder, 'rule.mjs');
    writeFileSync(
      path,
      'export default ({ subject, entityId }) => subject === "user-1" && entityId === "j1";',
    );
    const ownership = await loadOwnership(path, undefined);
    expect(await ownership?.(draft(), person)).toBeNull();
    expect(await ownership?.(draft(), { ...person, subject: 'user-2' })).toBe('INVALID_ENTITY');
  });
  it('that is missing or exports no function keeps the service from starting', async () => {
    const path = join(folder, 'empty.mjs');
    writeFileSync(path, 'export const rule = 1;');
    for (const wrong of [path, join(folder, 'nowhere.mjs')]) {
      await expect(loadOwnership(wrong, undefined)).rejects.toThrow('SIGNALS_OWNERSHIP_MODULE');
    }
  });
  it('that never answers has failed after two seconds', async () => {
    vi.useFakeTimers();
    const ownership = await loadOwnership(null, () => new Promise(() => undefined));
    const asked = expect(ownership?.(draft(), person)).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(2_000);
    await asked;
    vi.useRealTimers();
  });
});
