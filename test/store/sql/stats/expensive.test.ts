import { expect, it } from 'vitest';
import type { StatsPlan } from '../../../../src/domain/reading/plan.js';
import { allowPlan } from '../../../../src/domain/reading/policy.js';
import { anonymousEvent } from '../../../support/events.js';
import { planOf, utcDays } from '../../stats-plan.js';
import { describeSqlEngines } from './engines.js';

const days = utcDays('2026-11-20', 2);

await describeSqlEngines('a question that would read too much', ({ store }) => {
  const asked = async (plan: Partial<StatsPlan>) => {
    const counting = store();
    const createdAt = new Date('2026-11-20T10:00:00Z');
    await counting.append(Array.from({ length: 30 }, () => anonymousEvent({ day: '2026-11-20', createdAt })));
    await counting.beginCounting();
    await counting.countDay('2026-11-20');
    const allowed = allowPlan(planOf({ days, maxRowsRead: 20, ...plan }), { isAdmin: true });
    if (!allowed) throw new Error('An admin may ask everything.');
    return counting.stats(allowed);
  };
  const byVersion = { groupBy: [{ dimension: 'EVENT_VERSION' }] } as const;

  it('is refused before it reads, with how much that is', async () => {
    expect(await asked(byVersion)).toEqual({ ok: false, error: { estimatedRows: 30, limit: 20 } });
  });
  it('is answered where it reads less of the day', async () => {
    const buckets = [{ start: new Date('2026-11-20T06:00:00Z'), end: new Date('2026-11-20T12:00:00Z') }];
    expect((await asked({ ...byVersion, buckets })).ok).toBe(true);
  });
  it('is answered where counts have the answer', async () => {
    expect((await asked({})).ok).toBe(true);
  });
});
