import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadOwnership } from '../../src/app/ownership.js';
import type { CheckedEvent } from '../../src/domain/ingest/checked-event.js';
import { person, testCatalogue } from '../support/pipeline.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-rule-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = testCatalogue().eventTypes.get('page_viewed');
/** As much of an event as the rule is told of. */
const event = {
  ...{ plan, appName: 'web', sessionId: null, entityType: 'journey', entityId: 'j1' },
} as CheckedEvent;

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
    expect(await ownership?.(event, person)).toBeNull();
    expect(await ownership?.(event, { ...person, subject: 'user-2' })).toEqual({
      ...{ refused: 'INVALID_ENTITY', field: '/entityId', rule: 'owner' },
    });
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
    const asked = expect(ownership?.(event, person)).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(2_000);
    await asked;
    vi.useRealTimers();
  });
});
