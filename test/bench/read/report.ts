import type { Facts } from '../report.js';
import { number, table } from '../table.js';
import { p50, p95, p99, type QuestionResult, type SizeResult, type Times } from './measure.js';
import type { ReadEngine, Size } from './options.js';
import { type State, states } from './questions.js';

export interface ReadResults {
  readonly facts: Facts;
  readonly engine: ReadEngine;
  readonly rounds: number;
  readonly sizes: readonly SizeResult[];
}

/** Why the run is worth nothing, one line each; empty for a good one. */
export function readFailures({ sizes }: ReadResults): readonly string[] {
  return sizes.flatMap(({ size, differences }) =>
    differences.map((difference) => `${nameOf(size)}: ${difference}`),
  );
}

/** Markdown, ready for the documentation. */
export function readReport(results: ReadResults): string {
  const { facts, engine, rounds, sizes } = results;
  const what = engine === 'pglite' ? 'PGlite' : `PostgreSQL ${facts.postgres}`;
  const intro = `### Reading, ${what}

${facts.date}, ${facts.cores} cores, load before it ${number(facts.load)}, Node ${facts.node}. Milliseconds of whole answers, p50 and p95 of ${rounds} warm rounds in which the product and plain SQL over the raw rows took turns. Every answer was compared with the raw rows once in every state. A goal that is missed has a cross.
`;
  return [intro, ...sizes.map((one) => sizeSection(one)), ...growthSections(sizes)].join('\n');
}

function sizeSection(result: SizeResult): string {
  const { size, seedSeconds, countSeconds, dayEvents, dayTimes, questions, appends, differences } = result;
  const head = ['', 'all days counted', 'today changed', 'three days changed', 'goals', 'raw rows in SQL'];
  const rows = questions.map((question) => [
    question.name,
    ...states.map((state) => timesCell(question.times[state], question.goals[state])),
    goalsCell(question),
    timesCell(question.raw),
  ]);
  const { alone, reading, answers } = appends;
  return `#### ${nameOf(size)}

${table(head, rows)}
- Filling took ${number(seedSeconds)} s, counting all ${size.days} days ${number(countSeconds)} s.
- Counting the newest day anew, ${number(dayEvents, 9)} events: ${timesCell(dayTimes)} ms (goal: 1,000 for 66,000 events).
- One event appended after the other, p50 and p99: alone ${number(p50(alone))} and ${number(p99(alone))} ms; while ${answers} questions were answered, ${number(p50(reading))} and ${number(p99(reading))} ms; p99 × ${number(p99(reading) / p99(alone))} (goal: 2).
- ${differences.length === 0 ? 'Every answer is that of the raw rows.' : `${differences.length} answers differ from the raw rows.`}
`;
}

function timesCell(times: Times, goal?: number): string {
  const text = `${number(p50(times))}; ${number(p95(times))}`;
  return goal !== undefined && p50(times) > goal ? `${text} ✗` : text;
}

const stateNames: Readonly<Record<State, string>> = { closed: 'counted', today: 'today', late: 'three days' };

function goalsCell({ goals }: QuestionResult): string {
  const all = states.flatMap((state) => {
    const goal = goals[state];
    return goal === undefined ? [] : [`${stateNames[state]} ${goal}`];
  });
  return all.join(', ') || '–';
}

/** From the fewest events to the most, for each number of visitors that has several. */
function growthSections(sizes: readonly SizeResult[]): readonly string[] {
  const visitors = [...new Set(sizes.map(({ size }) => size.visitors))];
  return visitors.flatMap((wanted) => {
    const all = sizes.filter(({ size }) => size.visitors === wanted);
    const [first, last] = [all[0], all.at(-1)];
    return first && last && first !== last ? [growthSection(first, last)] : [];
  });
}

function growthSection(first: SizeResult, last: SizeResult): string {
  const times = (question: QuestionResult) => [...states.map((state) => question.times[state]), question.raw];
  const rows = last.questions.map((question, index) => {
    const before = first.questions[index];
    const ratios = times(question).map((all, at) =>
      number(p50(all) / p50((before && times(before)[at]) ?? []), 2),
    );
    return [question.name, ...ratios];
  });
  return `#### Growth from ${nameOf(first.size)} to ${number(last.size.events, 9)} events, times

${table(['', 'all days counted', 'today changed', 'three days changed', 'raw rows in SQL'], rows)}`;
}

function nameOf({ events, days, visitors }: Size): string {
  return `${number(events, 9)} events on ${days} days, ${number(visitors, 9)} visitors a weekday`;
}
