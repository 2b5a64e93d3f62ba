import type { Workers } from './jobs.js';

/** Makes this process a worker: one job, one answer; it ends when its parent is gone. */
export function answerJobs<Name extends keyof Workers>(
  work: (job: Workers[Name]['job']) => Promise<Workers[Name]['result']>,
): void {
  process.on('message', (job: Workers[Name]['job']) => {
    work(job).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : 'failed' }),
    );
  });
  process.on('disconnect', () => process.exit());
}
