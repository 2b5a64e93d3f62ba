import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext, Sizing } from '../bench-context.js';
import type { StepCost } from '../workers/jobs.js';

/** Seconds that the part will take. */
export function stepsSeconds({ plan }: Sizing): number {
  return 2 + plan.stepRounds * 1.1;
}

/** What each step of the pipeline costs, measured in a process that does nothing else. */
export function measureSteps(context: BenchContext): Promise<readonly StepCost[]> {
  const { root, scratch, plan, processes, progress } = context;
  const dataDir = join(scratch, 'steps');
  mkdirSync(dataDir, { recursive: true });
  return progress.step('the steps of the pipeline', stepsSeconds(context), () =>
    processes.worker('steps').run({
      rounds: plan.stepRounds,
      catalogueText: readFileSync(join(root, 'examples', 'catalogue.json'), 'utf8'),
      dataDir,
    }),
  );
}
