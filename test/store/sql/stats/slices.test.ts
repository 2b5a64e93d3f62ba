import { expect, it } from 'vitest';
import type { EventDimension } from '../../../../src/contract/index.js';
import type { StatsPlan } from '../../../../src/domain/reading/plan.js';
import { slicesFor } from '../../../../src/store/sql/stats/slices.js';

interface Asked {
  readonly by?: readonly EventDimension[];
  readonly where?: Partial<Record<EventDimension, readonly (string | null)[]>>;
  readonly visitors?: boolean;
  readonly sessions?: boolean;
}

/** The tables and slices for the total, the rows and OTHER. */
function read({ by = [], where = {}, visitors = true, sessions = false }: Asked) {
  const all = Object.entries(where).map(([dimension, values]) => ({
    dimension: dimension as EventDimension,
    in: values,
  }));
  const plan: StatsPlan = {
    buckets: [],
    previous: null,
    days: [],
    filter: { all, not: null },
    groupBy: by.map((dimension) => ({ dimension })),
    top: 10,
    orderBy: 'EVENTS',
    measures: { visitors, sessions, properties: [] },
    points: true,
    maxRowsRead: 1,
  };
  const slices = slicesFor(plan);
  if (!slices) return 'raw rows';
  return [slices.total, slices.rows, slices.other]
    .filter((slice) => slice !== null)
    .map(({ table, kind }) => (kind ? `${table} ${kind.number}` : table));
}

it.each<[string, Asked, readonly string[] | 'raw rows']>([
  ['everything', {}, ['stat_day 0']],
  ['one app', { where: { APP: ['web'] } }, ['stat_day 1']],
  ['one app with sessions', { where: { APP: ['web'] }, sessions: true }, ['stat_day 1']],
  ['two apps', { where: { APP: ['web', 'admin'] } }, ['stat_set 4']],
  ['two apps with sessions', { where: { APP: ['web', 'admin'] }, sessions: true }, 'raw rows'],
  ['two apps, events alone', { where: { APP: ['web', 'admin'] }, visitors: false }, ['stat_day 1']],
  [
    'devices of one app',
    { by: ['DEVICE'], where: { APP: ['web'] } },
    ['stat_day 1', 'stat_day 4', 'stat_set 4'],
  ],
  ['devices of all apps', { by: ['DEVICE'] }, ['stat_day 0', 'stat_set 4', 'stat_set 4']],
  ['routes of one app without a value', { where: { APP: ['web'], ROUTE: [null] } }, ['stat_day 3']],
  ['apps and routes', { by: ['APP', 'ROUTE'] }, ['stat_day 0', 'stat_day 3', 'stat_set 3']],
  [
    'one type in one app by route',
    { by: ['ROUTE'], where: { APP: ['web'], EVENT_TYPE: ['run'] }, visitors: false },
    ['stat_day 2', 'stat_day 9'],
  ],
  ['one entity', { where: { ENTITY_TYPE: ['journey'], ENTITY: ['j-1'] } }, ['entity_day']],
  ['an entity of any type', { where: { ENTITY: ['j-1'] } }, 'raw rows'],
  ['three words', { where: { ROUTE: ['/'], DEVICE: ['mobile'], OS: ['iOS'] } }, 'raw rows'],
  ['a version of the schema', { by: ['EVENT_VERSION'] }, 'raw rows'],
])('%s is answered from the counts that say exactly that', (_name, asked, expected) => {
  expect(read(asked)).toEqual(expected);
});
