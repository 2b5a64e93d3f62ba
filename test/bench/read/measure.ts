import type { StatsAnswer } from '../../../src/domain/reading/answer.js';
import { createStatistics, type Statistics } from '../../../src/domain/reading/ask.js';
import { percentile } from '../stats.js';
import { eventsOfLastHours } from './late-events.js';
import type { Size } from './options.js';
import { type Question, questions, type State, states } from './questions.js';
import { benchNow, type Step, seed, seedDays } from './seed.js';
import { benchZone, type Site } from './site.js';
import { readCatalogue } from './world.js';

/** Milliseconds of every round. */
export type Times = readonly number[];

export interface QuestionResult {
  readonly name: string;
  readonly goals: Question['goals'];
  readonly times: Readonly<Record<State, Times>>;
  /** The plain SQL over raw rows, all days closed. */
  readonly raw: Times;
}

export interface SizeResult {
  readonly size: Size;
  readonly seedSeconds: number;
  /** Counting all days. */
  readonly countSeconds: number;
  /** Events of the newest day, and how long counting it anew takes. */
  readonly dayEvents: number;
  readonly dayTimes: Times;
  readonly questions: readonly QuestionResult[];
  readonly appends: { readonly alone: Times; readonly reading: Times; readonly answers: number };
  /** Answers that are not those of the raw rows. */
  readonly differences: readonly string[];
}

/** How many events come in after the count: a few of the newest hour, or 1 % of three days over 60 hours. */
const fresh = { events: 5, hours: 1 };
const late = { share: 0.01, hours: 60 };

/** Seconds that are announced for parts that do not depend on the number of events alone. */
const seconds = { countDay: 0.9, question: 0.5, appends: 12 };

export function secondsOf({ events, days }: Size, rounds: number): number {
  const perMillion = 18;
  return (events / 1e6) * (perMillion + rounds * 1.2) + days * seconds.countDay + seconds.appends;
}

/** Fills a store, counts its days and asks every question of it, in every state. */
export async function measureSize(site: Site, size: Size, rounds: number, step: Step): Promise<SizeResult> {
  const ask = asker(site);
  const seedSeconds = await secondsToRun(() => seed(site, size, step));
  const countSeconds = await secondsToRun(() => countAll(site, size, step));
  const times = new Map(questions.map((question) => [question, noTimes()]));
  const differences: string[] = [];
  for (const state of states) {
    await append(site, state, size);
    const announced = state === 'closed' ? (size.events / 1e6) * rounds : rounds;
    await step(`questions, ${state}`, announced, async () => {
      const found = await compareAll(site, ask);
      differences.push(...found.map((difference) => `${state}: ${difference}`));
      for (let round = 0; round < rounds; round += 1)
        for (const [question, into] of times) await measureQuestion({ site, ask, state }, question, into);
    });
  }
  const dayTimes = await step('counting the newest day', rounds, () => countNewestDay(site, rounds));
  const appends = await step('appends', seconds.appends, () => appendWhileReading(site, ask));
  return {
    size,
    seedSeconds,
    countSeconds,
    dayEvents: seedDays(size).at(-1)?.events ?? 0,
    dayTimes,
    questions: [...times].map(([{ name, goals }, { raw, ...own }]) => ({ name, goals, times: own, raw })),
    appends,
    differences,
  };
}

const noTimes = (): Record<State | 'raw', number[]> => ({ closed: [], today: [], late: [], raw: [] });

/** Holds every answer against the raw rows. It is the round that warms both up, and is not timed. */
async function compareAll(site: Site, ask: Ask): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const question of questions) {
    const answer = await ask(question);
    const { rows } = await askRaw(site, question);
    const difference = question.differ(answer, rows);
    if (difference !== null) differences.push(`${question.name}: ${difference}`);
  }
  return differences;
}

interface Measuring {
  readonly site: Site;
  readonly ask: Ask;
  readonly state: State;
}

/** Raw rows do not change by being counted, so they are asked in one state only. */
async function measureQuestion(
  { site, ask, state }: Measuring,
  question: Question,
  into: Record<State | 'raw', number[]>,
): Promise<void> {
  into[state].push((await timed(() => ask(question)))[0]);
  if (state === 'closed') into.raw.push((await timed(() => askRaw(site, question)))[0]);
}

/** With the settings of the store's own work: enough memory, no compilation, and no limit that a year of rows would meet. */
function askRaw({ engine }: Site, { raw }: Question) {
  return engine.snapshot('work', (query) => query(raw));
}

type Ask = (question: Question) => Promise<StatsAnswer>;

/** The product's own way from the question to the answer. */
function asker({ store }: Site): Ask {
  const catalogue = readCatalogue();
  const statistics: Statistics = createStatistics({
    stats: store,
    catalogue: { current: () => catalogue },
    clock: { now: () => benchNow },
    saltZone: benchZone,
  });
  return async ({ name, input, wanted }) => {
    const answer = await statistics.ask(input, wanted, { isAdmin: true });
    if (!answer.ok) throw new Error(`the question "${name}" was refused: ${JSON.stringify(answer.error)}`);
    return answer.value;
  };
}

/** Counts every day as the product does. Statistics of the tables are made at once, which autovacuum does in time. */
async function countAll({ store, maintain }: Site, size: Size, step: Step): Promise<void> {
  await step('counting all days', size.days * seconds.countDay, async () => {
    const begun = await store.beginCounting();
    if (begun !== 'BEGUN') throw new Error('the days of a new store were counted already');
    for (const { day } of await store.changedDays()) await store.countDay(day);
    for (const table of ['stat_day', 'stat_hour', 'stat_property', 'stat_set', 'entity_day', 'stat_change'])
      await maintain(`VACUUM (ANALYZE) ${table}`);
  });
}

/** Brings the store into a state: each keeps what the one before it brought. */
async function append({ store }: Site, state: State, size: Size): Promise<void> {
  if (state === 'closed') return;
  const newest = seedDays(size).slice(-3);
  const count = Math.ceil(late.share * newest.reduce((sum, { events }) => sum + events, 0));
  const events =
    state === 'today' ? eventsOfLastHours(fresh.events, fresh.hours) : eventsOfLastHours(count, late.hours);
  for (let at = 0; at < events.length; at += 200) {
    const verdicts = await store.append(events.slice(at, at + 200));
    if (verdicts.some((verdict) => verdict !== 'ACCEPTED')) throw new Error('an event was not accepted');
  }
}

async function countNewestDay({ store }: Site, rounds: number): Promise<Times> {
  const day = benchNow.toISOString().slice(0, 10);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push((await timed(() => store.countDay(day)))[0]);
  return times;
}

const appendMs = 5_000;

/** Single events one after the other, alone and while somebody asks one question after the other. */
async function appendWhileReading(site: Site, ask: Ask): Promise<SizeResult['appends']> {
  const alone = await appendFor(site);
  let answers = 0;
  let reading = true;
  const reader = (async () => {
    while (reading)
      for (const question of questions.slice(0, dashboard)) {
        if (!reading) break;
        await ask(question);
        answers += 1;
      }
  })();
  const together = await appendFor(site).finally(() => {
    reading = false;
  });
  await reader;
  return { alone, reading: together, answers };
}

/** The questions of a usual page: those before the ones about entities. */
const dashboard = questions.findIndex(({ input }) => input.filter?.entityId !== undefined);

async function appendFor({ store }: Site): Promise<Times> {
  const times: number[] = [];
  const until = performance.now() + appendMs;
  while (performance.now() < until) {
    const [took, verdicts] = await timed(() => store.append(eventsOfLastHours(1, 1)));
    if (verdicts[0] !== 'ACCEPTED') throw new Error('an event was not accepted');
    times.push(took);
  }
  return times;
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [ms: number, value: T]> {
  const began = performance.now();
  const value = await work();
  return [performance.now() - began, value];
}

async function secondsToRun(work: () => Promise<unknown>): Promise<number> {
  const [ms] = await timed(work);
  return ms / 1_000;
}

export const p50 = (times: Times): number => percentile(times, 50);
export const p95 = (times: Times): number => percentile(times, 95);
export const p99 = (times: Times): number => percentile(times, 99);
