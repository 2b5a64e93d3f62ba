import { expect, it } from 'vitest';
import { createLedger, type TrackerProblem } from '../../src/client/ledger.js';

function setUp(alsoDo: () => void = () => {}) {
  const told: TrackerProblem[] = [];
  const ledger = createLedger((problem) => {
    told.push({ ...problem });
    alsoDo();
  });
  return { ledger, told };
}

it('tells of a burst once for every reason, what is lost apart from what comes again', async () => {
  const { ledger, told } = setUp();
  ledger.report('network', { count: 2 });
  ledger.report('network', { willRetry: true });
  ledger.report('timeout');
  ledger.report('network', { count: 3, willRetry: true });
  ledger.report('network');
  expect(told).toEqual([]);
  await Promise.resolve();
  expect(told).toEqual([
    { reason: 'network', count: 3, willRetry: false },
    { reason: 'network', count: 4, willRetry: true },
    { reason: 'timeout', count: 1, willRetry: false },
  ]);
  expect(ledger.counts.dropped).toEqual({ network: 3, timeout: 1 });
});

it('tells apart what breaks different rules in different places: what it says is true of all it counts', async () => {
  const { ledger, told } = setUp();
  const refused = (field?: string, rule?: string) =>
    ledger.report('INVALID_PROPERTIES', { place: { field, rule } });
  refused('/properties/language', 'pattern');
  refused('/properties/language', 'required');
  refused('/properties/kind', 'pattern');
  refused('/properties/language', 'pattern');
  refused(undefined, 'pattern');
  refused();
  // A name may have in it what separates one part from another.
  refused('/properties/a,pattern', undefined);
  refused('/properties/a', 'pattern');
  await Promise.resolve();
  const problem = { reason: 'INVALID_PROPERTIES', willRetry: false, count: 1 };
  expect(told).toEqual([
    { ...problem, field: '/properties/language', rule: 'pattern', count: 2 },
    { ...problem, field: '/properties/language', rule: 'required' },
    { ...problem, field: '/properties/kind', rule: 'pattern' },
    { ...problem, rule: 'pattern' },
    problem,
    { ...problem, field: '/properties/a,pattern' },
    { ...problem, field: '/properties/a', rule: 'pattern' },
  ]);
  expect(ledger.counts.dropped).toEqual({ INVALID_PROPERTIES: 8 });
});

it('tells field and rule of what comes again, too', async () => {
  const { ledger, told } = setUp();
  ledger.report('OVERLOADED', {
    count: 2,
    willRetry: true,
    place: { field: '/eventType', rule: 'unknown' },
  });
  await Promise.resolve();
  expect(told).toEqual([
    { reason: 'OVERLOADED', count: 2, willRetry: true, field: '/eventType', rule: 'unknown' },
  ]);
});

it('tells of the next burst anew, also of one that the handler itself brought about', async () => {
  let again = 2;
  const { ledger, told } = setUp(() => {
    if (again > 0) ledger.report('queue_full', { count: again });
    again -= 1;
  });
  ledger.report('queue_full', { count: 5 });
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  expect(told.map(({ count }) => count)).toEqual([5, 2, 1]);
});

it('counts in silence what is quiet, and nothing for nothing', async () => {
  const { ledger, told } = setUp();
  ledger.report('opted_out', { count: 3, isQuiet: true });
  ledger.report('shutdown', { count: 0 });
  await Promise.resolve();
  expect(told).toEqual([]);
  expect(ledger.counts.dropped).toEqual({ opted_out: 3 });
});
