import type { Log, RowUpgrade } from '../src/domain/ports/index.js';
import type { JobReport, JobRun, JobWork } from './job.js';

/** Rows picked for a transaction; with those of their sessions it is some thousands, and a fraction of a second. */
const batchSize = 200;

export interface RewriteRowsNeeds {
  readonly upgrade: RowUpgrade;
  readonly log: Log;
}

/**
 * Gives rows that a version before November 2026 stored the form of today, in which nothing leads from one day to the
 * next (docs/adr/0020). It works in batches beside ingestion and, interrupted at any point, goes on where it
 * stopped. `npm run migrate` runs it; the schedule runs it again for what replicas of the old version write while they
 * are being replaced. With nothing to do it costs one look into an empty index.
 */
export function createRewriteRows(needs: RewriteRowsNeeds): JobWork {
  return async (run) =>
    run.dryRun ? { dryRun: true, rows: await needs.upgrade.countOldRows() } : rewriteAll(needs, run);
}

/** Counts nothing beforehand: with many million old rows that would take longer than a statement may. */
async function rewriteAll({ upgrade, log }: RewriteRowsNeeds, run: JobRun): Promise<JobReport> {
  let rows = 0;
  let batches = 0;
  let rewritten = 0;
  do {
    rewritten = await upgrade.rewriteOldRows(batchSize);
    rows += rewritten;
    batches += rewritten > 0 ? 1 : 0;
    if (rewritten > 0 && batches % 50 === 0)
      log.info({ job: 'rewrite-rows', rows }, 'rows are being rewritten');
  } while (rewritten > 0 && !run.stopped());
  return { dryRun: false, rows, batches, complete: rewritten === 0 };
}
