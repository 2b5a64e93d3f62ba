import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createDayOf } from '../../../../src/domain/day.js';
import { createChangedDays } from '../../../../src/store/sql/stats/changed-days.js';
import { anonymousEvent, anonymousEvents } from '../../../support/events.js';
import { describeSqlEngines } from './engines.js';

const at = (day: string) => ({ day, createdAt: new Date(`${day}T12:00:00.000Z`) });
const days = ['2026-11-18', '2026-11-20', '2026-11-21'];

await describeSqlEngines('the changed days', ({ engine, store, rows }) => {
  const names = async (zone = 'UTC') => (await store({ dayZone: zone }).changedDays()).map(({ day }) => day);
  const counted = async () =>
    (
      await rows('SELECT day::text AS day, events::int AS events FROM stat_day WHERE kind = 0 ORDER BY 1')
    ).map(({ day, events }) => [day, events]);
  const fill = (count = 2) => store().append(days.flatMap((day) => anonymousEvents(count, at(day))));
  const forgetLog = () => rows('DELETE FROM stat_change');

  it('are, in the beginning, all that have events, and later those that the log names', async () => {
    await fill();
    await forgetLog();
    expect(await store().beginCounting()).toBe('BEGUN');
    expect(await store().changedDays()).toEqual(days.map((day) => ({ day, countedSecondsAgo: null })));
    for (const day of days) expect(await store().countDay(day)).toBe('COUNTED');
    expect(await names()).toEqual([]);
    expect(await store().beginCounting()).toBe('GOES_ON');
    expect(await names()).toEqual([]);
    await store().append(anonymousEvents(1, at('2026-11-20')));
    const [changed] = await store().changedDays();
    expect(changed?.day).toBe('2026-11-20');
    expect(changed?.countedSecondsAgo).toBeGreaterThanOrEqual(0);
  });
  it('begin once, although two begin at once', async () => {
    await fill();
    await forgetLog();
    const outcomes = await Promise.all([store().beginCounting(), store().beginCounting()]);
    expect([...outcomes].sort()).toEqual(['BEGUN', 'GOES_ON']);
    expect(await rows('SELECT day FROM stat_change')).toHaveLength(3);
  });
  it('are none where there are no events', async () => {
    expect(await store().beginCounting()).toBe('BEGUN');
    expect(await names()).toEqual([]);
  });
  it('are not counted in another zone, and take no event then', async () => {
    await fill();
    await store().beginCounting();
    const other = store({ dayZone: 'Asia/Kolkata' });
    expect(await other.beginCounting()).toBe('OTHER_ZONE');
    expect(await other.append([anonymousEvent()])).toEqual(['UNAVAILABLE']);
    const same = store({ dayZone: 'Etc/UTC' });
    expect(await same.beginCounting()).toBe('GOES_ON');
    expect(await same.append([anonymousEvent()])).toEqual(['ACCEPTED']);
  });
  it('are all of them for a rebuild, which may change the zone and leaves sealed days as they are', async () => {
    await fill();
    await store().beginCounting();
    for (const day of days) await store().countDay(day);
    await rows(`UPDATE stat_state SET sealed = true WHERE day = '2026-11-18'`);
    await store().changeAllDays();
    expect(await names()).toEqual(['2026-11-20', '2026-11-21']);
    const zone = 'Pacific/Kiritimati';
    await store({ dayZone: zone }).changeAllDays();
    expect(await counted()).toEqual([['2026-11-18', 2]]);
    expect(await names(zone)).toEqual(['2026-11-19', '2026-11-21', '2026-11-22']);
    for (const day of await names(zone)) await store({ dayZone: zone }).countDay(day);
    expect(await counted()).toEqual([
      ['2026-11-18', 2],
      ['2026-11-19', 2],
      ['2026-11-21', 2],
      ['2026-11-22', 2],
    ]);
    expect(await store().beginCounting()).toBe('OTHER_ZONE');
  });
  it('hold a counted day whose events are gone, for a rebuild', async () => {
    await fill();
    await store().beginCounting();
    for (const day of days) await store().countDay(day);
    await rows(`DELETE FROM events WHERE created_at < '2026-11-19'`);
    await store().changeAllDays();
    expect(await names()).toEqual(days);
    await store().countDay('2026-11-18');
    expect(await counted()).toEqual([
      ['2026-11-20', 2],
      ['2026-11-21', 2],
    ]);
  });
  it('are left where somebody else counts them again and again', async () => {
    await fill();
    const busy = createChangedDays(
      { ...engine(), snapshot: () => Promise.reject(Object.assign(new Error('busy'), { code: '40001' })) },
      { zone: 'UTC', dayOf: createDayOf('UTC') },
    );
    expect(await busy.countDay('2026-11-20')).toBe('BUSY');
  });
  it('lose no event, with six writers and two that count at once', async () => {
    await store().beginCounting();
    const rounds = 6;
    const events = 6 * rounds * 5 * days.length;
    let writing = 6;
    let seen = 0;
    const write = async (): Promise<void> => {
      const own = store();
      for (let round = 0; round < rounds; round++)
        await own.append(days.flatMap((day) => anonymousEvents(5, at(day))));
      writing -= 1;
    };
    const count = async (): Promise<void> => {
      const own = store();
      while (writing > 0) {
        for (const { day } of await own.changedDays()) await own.countDay(day);
        seen += await violations();
        // PGlite never waits: without this the writers would not have their turn.
        await setImmediate();
      }
    };
    const violations = async (): Promise<number> =>
      (
        await rows(`SELECT day FROM (
          SELECT (created_at AT TIME ZONE 'UTC')::date AS day, count(*) AS events FROM events GROUP BY 1
        ) raw LEFT JOIN stat_day s USING (day)
        WHERE coalesce(s.kind, 0) = 0 AND s.events IS DISTINCT FROM raw.events AND day NOT IN (SELECT day FROM stat_change)`)
      ).length;
    await Promise.all([...Array.from({ length: 6 }, write), count(), count()]);
    expect(seen).toBe(0);
    for (const day of await names()) expect(await store().countDay(day)).toBe('COUNTED');
    expect(await names()).toEqual([]);
    const [all] = await rows(
      'SELECT (SELECT count(*) FROM events)::int AS raw, (SELECT sum(events) FROM stat_day WHERE kind = 0)::int AS counted',
    );
    expect(all).toEqual({ raw: events, counted: events });
  });
});
