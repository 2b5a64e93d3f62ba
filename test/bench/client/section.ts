import type { Burst, ClientResult } from '../parts/client.js';
import { cell, number, table } from '../table.js';
import { burst, goalMicros } from './figures.js';

/** The cases that are said beside the goal. */
const afterPause = ['baseline', 'plain', 'usual'];

const titles: Readonly<Record<string, string>> = {
  clock: 'nothing: the clock and the machine',
  baseline: 'baseline: `JSON.stringify`, `getRandomValues`, `push`',
  plain: 'event type alone',
  usual: 'usual: 5 properties, entity, route',
  large: 'properties of 2 KB',
  stored: 'usual, `tabSession` and offline store',
  denied: 'consent denied',
  full: 'queue full, the oldest gives way',
  tenth: 'tenth event, which has the batch sent',
};

const titleOf = (name: string): string => titles[name] ?? name;

/** The part "The client" of the report. */
export function clientSection(result: ClientResult): string {
  const { chromium, stepMicros, cases, bursts, burstEvents, cold, pieces } = result;
  const steps = `Chromium ${chromium}, headless, cross-origin isolated; the smallest step of its clock that was seen: ${number(stepMicros)} µs.`;
  const costs = table(
    [
      'µs a call',
      'calls',
      'mean of ten',
      '÷ baseline',
      'first of a burst',
      'p50',
      'p95',
      'p99',
      'p99 without the first',
      'max',
    ],
    cases.map((cost) => [
      titleOf(cost.name),
      number(cost.calls, 9),
      cell(cost.mean10),
      cell(cost.toBaseline, 2),
      number(cost.first),
      number(cost.p50),
      number(cost.p95),
      `${number(cost.p99)} (${number(cost.p99OfRounds.min)}–${number(cost.p99OfRounds.max)})`,
      number(cost.p99Warm),
      number(cost.max, 4),
    ]),
  );
  const blocked = table(
    [
      `${number(burstEvents, 9)} usual events at once`,
      'all calls, ms',
      'until the next task, ms',
      'longest call, ms',
      'p50, µs',
      'p99, µs',
    ],
    bursts.map(({ what, callsMs, blockedMs, longestMs, p50, p99 }) => [
      what,
      cell(callsMs),
      cell(blockedMs),
      cell(longestMs),
      cell(p50),
      cell(p99),
    ]),
  );
  const parts = table(
    ['', 'µs, in a row', 'µs, first after a pause'],
    pieces.map(({ name, micros, first }) => [name, cell(micros, 2), number(first)]),
  );
  return `### \`track\` in a browser

${steps}
A p99 is that of all calls, in brackets least and greatest of the rounds.

${costs}
After a pause (one call in ${burst} is the first after one) the p99 is, in µs: ${cases
    .filter(({ name }) => afterPause.includes(name))
    .map(({ name, p99 }) => `${number(p99)} (${titleOf(name)})`)
    .join(', ')}.

On a page just loaded, not compiled yet: the first call ${cell(cold.first)} µs, the nineteen after it ${cell(cold.rest)} µs each (${number(cold.pages)} pages).

${blocked}
${bursts.map(verdict).join('\n')}

### What \`track\` is made of

${parts}`;
}

/**
 * Whether the goal is met by calls that follow each other: after a pause a machine may miss it before there is any
 * tracker, as the baseline shows. Never a failure of the run, because it depends on the machine.
 */
function verdict({ what, p99 }: Burst): string {
  const { median } = p99;
  return `Goal of ${goalMicros} µs p99, ${what}: ${median <= goalMicros ? 'met' : '**not met**'} (${number(median)} µs).`;
}
