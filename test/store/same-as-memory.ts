import fc from 'fast-check';
import type { EventStats } from '../../src/domain/ports/index.js';
import type { StatsPlan } from '../../src/domain/reading/plan.js';
import { createMemoryStats } from '../../src/store/memory/memory-stats.js';
import { firstDifference } from './first-difference.js';
import { type History, someHistory, someWorld } from './random-history.js';
import { someQuestion } from './random-question.js';
import { ask } from './stats-plan.js';

/** Gives an engine a history, which is all that it has then, and answers what counts it. */
export type Start = (history: History) => Promise<EventStats>;

export interface RunOptions {
  /** Histories, each with up to four questions. */
  readonly histories: number;
  readonly seed: number;
}

/** A history with questions about it, which know only its world: so events and questions shrink each on their own. */
const someCase = someWorld.chain((world) =>
  fc.tuple(someHistory(world), fc.array(someQuestion(world), { minLength: 1, maxLength: 4 })),
);

/** The memory engine over a history. */
export function memoryStats({ events, dayOf }: Pick<History, 'events' | 'dayOf'>): EventStats {
  return createMemoryStats(() => events, dayOf);
}

/** Checks something of many random questions; throws with the smallest case that breaks it. */
export async function checkQuestions(
  { histories, seed }: RunOptions,
  check: (history: History, plan: StatsPlan) => Promise<void>,
  begin: (history: History) => Promise<void> = async () => undefined,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(someCase, async ([history, plans]) => {
      await begin(history);
      for (const plan of plans) await check(history, plan);
    }),
    { numRuns: histories, seed, includeErrorInReport: true },
  );
}

/**
 * Asks an engine random questions about random histories, and throws with the smallest case that the memory engine
 * answers otherwise. Answers how many questions there were, and how many of them found events.
 */
export async function expectSameAsMemory(start: Start, options: RunOptions) {
  let engine: EventStats | undefined;
  const questions = { asked: 0, found: 0 };
  await checkQuestions(
    options,
    async (history, plan) => {
      if (!engine) throw new Error('The engine was started with the history.');
      const expected = await ask(memoryStats(history), plan);
      const difference = firstDifference(await ask(engine, plan), expected);
      if (difference) throw new Error(difference);
      questions.asked += 1;
      if (expected.total.totals.events > 0) questions.found += 1;
    },
    async (history) => {
      engine = await start(history);
    },
  );
  return questions;
}
