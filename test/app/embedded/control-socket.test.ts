import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCountWatch } from '../../../jobs/count-watch.js';
import { createJobSuccesses } from '../../../jobs/successes.js';
import { askForJob, type JobRequest, listenForJobs } from '../../../src/app/embedded/control-socket.js';
import { type JobParts, runNamedJob } from '../../../src/app/jobs.js';
import { createDayOf } from '../../../src/domain/day.js';
import { createLog } from '../../../src/observability/log.js';
import { createMetrics } from '../../../src/observability/metrics.js';
import { createMemoryStore } from '../../../src/store/memory/memory-store.js';
import { testCatalogue } from '../../support/pipeline.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signals-socket-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function createParts(): JobParts {
  const store = createMemoryStore();
  const metrics = createMetrics();
  return {
    ...{ retention: store, upgrade: store, changed: store, coordination: store },
    clock: { now: () => new Date('2026-11-20T12:00:00.000Z') },
    log: createLog({ level: 'silent' }),
    ...{ metrics, countWatch: createCountWatch(metrics) },
    successes: createJobSuccesses({ now: () => new Date() }),
    retentionDays: 180,
    minGroup: 5,
    readCatalogue: async () => testCatalogue(),
    dayOf: createDayOf('UTC'),
  };
}

const listen = (parts = createParts()) =>
  listenForJobs(dataDir, ({ job, dryRun, retentionDays }: JobRequest) =>
    runNamedJob(job, { ...parts, retentionDays }, dryRun),
  );

describe('the socket of the embedded mode', () => {
  it('runs a job in the service that has the database open, with the asker’s retention', async () => {
    const socket = await listen();
    expect(statSync(join(dataDir, 'control.sock')).mode & 0o077).toBe(0);
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).toMatchObject({
      outcome: 'done',
      report: { dryRun: true, retentionDays: 30, events: 0 },
    });
    await socket.close();
  });
  it('answers null where nobody listens, also after a crash left the socket behind', async () => {
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).toBeNull();
    const socket = await listen();
    await socket.close();
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).toBeNull();
    const again = await listen();
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).not.toBeNull();
    await again.close();
  });
  it.each([
    '',
    'null',
    '{',
    '[]',
    '{"job":"purge"}',
    '{"job":"purge","dryRun":"no","retentionDays":1}',
    '{"job":"rm","dryRun":true,"retentionDays":30}',
    '{"job":"toString","dryRun":true,"retentionDays":30}',
  ])('survives %j, and runs nothing for it', async (text) => {
    const parts = createParts();
    const socket = await listen(parts);
    const status = await new Promise((resolve, reject) => {
      request({ socketPath: join(dataDir, 'control.sock'), method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end(text);
    });
    expect(status).toBe(404);
    expect(await parts.metrics.render()).not.toContain('signals_job_runs_total{');
    await socket.close();
  });
});
