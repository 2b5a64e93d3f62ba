import { expect, it } from 'vitest';
import { createLedger, type TrackerProblem } from '../../../src/sdk/core/ledger.js';

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
  ledger.dropped('network', 2);
  ledger.report('network', 1, true);
  ledger.dropped('timeout');
  ledger.report('network', 3, true);
  ledger.dropped('network');
  expect(told).toEqual([]);
  await Promise.resolve();
  expect(told).toEqual([
    { reason: 'network', count: 3, willRetry: false },
    { reason: 'network', count: 4, willRetry: true },
    { reason: 'timeout', count: 1, willRetry: false },
  ]);
  expect(ledger.counts.dropped).toEqual({ network: 3, timeout: 1 });
});

it('tells of the next burst anew, also of one that the handler itself brought about', async () => {
  let again = 2;
  const { ledger, told } = setUp(() => {
    if (again > 0) ledger.dropped('queue_full', again);
    again -= 1;
  });
  ledger.dropped('queue_full', 5);
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  expect(told.map(({ count }) => count)).toEqual([5, 2, 1]);
});

it('counts in silence what is quiet, and nothing for nothing', async () => {
  const { ledger, told } = setUp();
  ledger.dropped('opted_out', 3, true);
  ledger.dropped('shutdown', 0);
  await Promise.resolve();
  expect(told).toEqual([]);
  expect(ledger.counts.dropped).toEqual({ opted_out: 3 });
});
