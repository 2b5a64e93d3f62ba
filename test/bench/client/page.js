// The page whose `track` is measured. Plain JavaScript, bundled and minified as an app's is; the benchmark calls
// what it puts on `bench` and does the statistics.
import { cases, nextTask, quiet, usual } from './cases.js';
import { pieces } from './pieces.js';

/** An app tracks a handful of events for one thing that happened, and lets the browser go on. */
const burst = 20;
const group = 10;

const always = () => true;

/** Time of every call, in ms as the clock gives it; every second burst is timed in groups of ten, a finer mean. */
async function measure(name, calls) {
  const { call, isDue, before, end } = cases[name]();
  const single = new Float64Array(calls);
  const groups = [];
  let done = 0;
  for (let round = 0; done < calls; round++) {
    await before?.();
    if (isDue || round % 2 === 0) done = timeSingles(call, isDue ?? always, single, done);
    else timeGroups(call, groups);
    await nextTask();
  }
  const counts = await end?.();
  return { single: [...single], groups, counts };
}

function timeSingles(call, isDue, single, from) {
  let done = from;
  for (let index = 0; index < burst && done < single.length; index++) {
    const due = isDue(index);
    const startedAt = performance.now();
    call();
    const spent = performance.now() - startedAt;
    if (due) single[done++] = spent;
  }
  return done;
}

function timeGroups(call, groups) {
  for (let index = 0; index < burst / group; index++) {
    const startedAt = performance.now();
    for (let one = 0; one < group; one++) call();
    groups.push((performance.now() - startedAt) / group);
  }
}

/**
 * Many events at once. `callsMs`: until the last call had returned; `blockedMs`: until the browser had its next
 * task, with what the calls left to do right after them; `each`: the time of every call.
 */
async function measureBurst(name, events, maxQueue) {
  const { call, end } = cases[name]({ maxQueue });
  await nextTask();
  const channel = new MessageChannel();
  const free = new Promise((resolve) => (channel.port1.onmessage = () => resolve(performance.now())));
  channel.port2.postMessage(null);
  const each = new Float64Array(events);
  const startedAt = performance.now();
  let last = startedAt;
  for (let index = 0; index < events; index++) {
    call();
    const now = performance.now();
    each[index] = now - last;
    last = now;
  }
  const blockedMs = (await free) - startedAt;
  channel.port1.close();
  await end?.();
  return { callsMs: last - startedAt, blockedMs, each: [...each] };
}

/** The first calls of a page: not compiled yet, as most calls of a real visit. */
function measureCold() {
  const tracker = quiet();
  return Array.from({ length: burst }, () => {
    const startedAt = performance.now();
    usual(tracker);
    return performance.now() - startedAt;
  });
}

/** The smallest step of the clock that was seen, in ms. */
function clockStep() {
  let step = 1;
  for (const until = performance.now() + 50; performance.now() < until; ) {
    const before = performance.now();
    let after = before;
    while (after === before) after = performance.now();
    step = Math.min(step, after - before);
  }
  return step;
}

/**
 * Of each piece of work in ms: `means` over so many in a row that the clock's step does not matter, and `firsts`,
 * single ones after the page has waited.
 */
async function measurePieces() {
  const results = Object.entries(pieces()).map(([name, work]) => {
    const rounds = [];
    for (let round = 0; round < 12; round++) {
      const startedAt = performance.now();
      for (let index = 0; index < 500; index++) work();
      rounds.push((performance.now() - startedAt) / 500);
    }
    // The first rounds are the compiler's.
    return { name, work, means: rounds.slice(3), firsts: [] };
  });
  for (let round = 0; round < 60; round++) {
    for (const { work, firsts } of results) {
      await nextTask();
      const startedAt = performance.now();
      work();
      firsts.push(performance.now() - startedAt);
    }
  }
  return results.map(({ name, means, firsts }) => ({ name, means, firsts }));
}

globalThis.bench = {
  isolated: globalThis.crossOriginIsolated,
  clockStep,
  measure,
  measureBurst,
  measureCold,
  measurePieces,
};
