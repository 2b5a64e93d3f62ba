import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext, Sizing } from '../bench-context.js';
import { type DevTools, openChromium, type Page } from '../client/chromium.js';
import { burst, type CallCost, callCost, lostEvents, micros, type RawRound } from '../client/figures.js';
import { openClientSite } from '../client/site.js';
import { median, percentile, type Spread, spread } from '../stats.js';

export interface ClientResult {
  readonly chromium: string;
  /** The smallest step of the page's clock. */
  readonly stepMicros: number;
  readonly cases: readonly CallCost[];
  /** Why the figures are worth nothing; empty for a good run. */
  readonly lost: readonly string[];
  readonly burstEvents: number;
  readonly bursts: readonly Burst[];
  readonly cold: Cold;
  readonly pieces: readonly PieceCost[];
}

/** What one thing that `track` does costs, in µs. */
interface PieceCost {
  readonly name: string;
  /** Many times in a row. */
  readonly micros: Spread;
  /** Once after a pause, when the processor's caches hold other things: the median. */
  readonly first: number;
}

interface RawPiece {
  readonly name: string;
  readonly means: readonly number[];
  readonly firsts: readonly number[];
}

/** How long many events at once keep the page busy, in ms. */
export interface Burst {
  readonly what: string;
  readonly callsMs: Spread;
  /** Until the browser came to its next task. */
  readonly blockedMs: Spread;
  readonly longestMs: Spread;
  /** Of the calls of one burst, in µs. */
  readonly p50: Spread;
  readonly p99: Spread;
}

/** Calls of a page that has just been loaded, in µs. */
interface Cold {
  readonly pages: number;
  readonly first: Spread;
  /** The median of the calls after the first. */
  readonly rest: Spread;
}

/** As in client/cases.js. */
const caseNames = ['clock', 'baseline', 'plain', 'usual', 'large', 'stored', 'denied', 'full', 'tenth'];

const burstEvents = 5_000;
const roomForAll = 2 * burstEvents;
const bursts = [
  { what: 'default queue of 1,000', name: 'usual', maxQueue: undefined },
  { what: 'room for all', name: 'usual', maxQueue: roomForAll },
  { what: 'room for all, `tabSession` and offline store', name: 'stored', maxQueue: roomForAll },
];

/** Seconds that the part will take. */
export function clientSeconds({ plan }: Sizing): number {
  return 8 + (plan.clientCalls + plan.clientRounds * plan.clientWarmUp) / 450 + plan.clientPages * 1.5;
}

/** What `track` costs in a real browser; null, said on standard error, where there is none. */
export function measureClient(
  context: BenchContext,
  say: (text: string) => unknown,
): Promise<ClientResult | null> {
  return context.progress.step('`track` in Chromium', clientSeconds(context), async () => {
    const browser = await openChromium(context.root);
    if (typeof browser === 'string') {
      say(`bench: SKIPPED: the client in Chromium (${browser})\n`);
      return null;
    }
    try {
      const site = await openClientSite(context.root);
      try {
        return await measureIn(context, browser.version(), await browser.newPage(), site.url);
      } finally {
        await site.close();
      }
    } finally {
      await browser.close();
    }
  });
}

async function measureIn(
  { plan, profile }: BenchContext,
  chromium: string,
  page: Page,
  url: string,
): Promise<ClientResult> {
  const call = <Result>(name: string, ...words: readonly unknown[]): Promise<Result> =>
    page.evaluate<Result>(`bench.${name}(${words.map((word) => JSON.stringify(word)).join(', ')})`);
  const load = async (): Promise<void> => {
    await page.goto(url);
    await page.waitForFunction('globalThis.bench');
  };

  await load();
  if (!(await page.evaluate<boolean>('bench.isolated'))) throw new Error('the page is not isolated');
  const [stepMicros = Number.NaN] = micros([await call<number>('clockStep')]);
  const stop = profile ? await startProfile(page) : null;
  const rounds = await measureRounds(plan, (name, calls) => call('measure', name, calls));
  if (profile && stop) {
    mkdirSync(profile, { recursive: true });
    writeFileSync(join(profile, 'client.cpuprofile'), JSON.stringify(await stop()));
  }
  const pieces = await call<readonly RawPiece[]>('measurePieces');
  const measured = await measureBursts(plan.clientRounds, (name, maxQueue) =>
    call('measureBurst', name, burstEvents, maxQueue),
  );
  return {
    chromium,
    stepMicros,
    cases: caseNames.map((name) => callCost(name, rounds(name), rounds('baseline'))),
    lost: caseNames.flatMap((name) => lostEvents(name, rounds(name))),
    burstEvents,
    bursts: measured,
    cold: await measureCold(plan.clientPages, load, () => call('measureCold')),
    pieces: pieces.map(({ name, means, firsts }) => ({
      name,
      micros: spread(micros(means)),
      first: median(micros(firsts)),
    })),
  };
}

/** Round by round and not case by case, so that a disturbance hits all of them alike. */
async function measureRounds(
  plan: BenchContext['plan'],
  measure: (name: string, calls: number) => Promise<RawRound>,
): Promise<(name: string) => readonly RawRound[]> {
  const perCase = new Map(caseNames.map((name) => [name, [] as RawRound[]]));
  const share = (name: string, calls: number): number => Math.ceil(name === 'tenth' ? calls / burst : calls);
  for (const name of caseNames) await measure(name, share(name, plan.clientWarmUp));
  for (let round = 0; round < plan.clientRounds; round++) {
    for (const [name, rounds] of perCase)
      rounds.push(await measure(name, share(name, plan.clientCalls / plan.clientRounds)));
  }
  return (name) => perCase.get(name) ?? [];
}

interface RawBurst {
  readonly callsMs: number;
  readonly blockedMs: number;
  /** Of every call. */
  readonly each: readonly number[];
}

async function measureBursts(
  rounds: number,
  measure: (name: string, maxQueue: number | undefined) => Promise<RawBurst>,
): Promise<readonly Burst[]> {
  const raw = bursts.map((): RawBurst[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, maxQueue }] of bursts.entries())
      raw[index]?.push(await measure(name, maxQueue));
  }
  return bursts.map(({ what }, index) => {
    const of = (read: (burst: RawBurst) => number): Spread => spread((raw[index] ?? []).map(read));
    return {
      what,
      callsMs: of(({ callsMs }) => callsMs),
      blockedMs: of(({ blockedMs }) => blockedMs),
      longestMs: of(({ each }) => percentile(each, 100)),
      p50: of(({ each }) => percentile(micros(each), 50)),
      p99: of(({ each }) => percentile(micros(each), 99)),
    };
  });
}

async function measureCold(
  pages: number,
  load: () => Promise<void>,
  measure: () => Promise<readonly number[]>,
): Promise<Cold> {
  const first: number[] = [];
  const rest: number[] = [];
  for (let page = 0; page < pages; page++) {
    await load();
    const [one = Number.NaN, ...others] = micros(await measure());
    first.push(one);
    rest.push(median(others));
  }
  return { pages, first: spread(first), rest: spread(rest) };
}

async function startProfile(page: Page): Promise<() => Promise<unknown>> {
  const tools: DevTools = await page.context().newCDPSession(page);
  await tools.send('Profiler.enable');
  await tools.send('Profiler.setSamplingInterval', { interval: 100 });
  await tools.send('Profiler.start');
  return async () => (await tools.send('Profiler.stop')).profile;
}
