import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobDeps } from '../../../jobs/job.js';
import { askForJob, listenForJobs } from '../../../src/app/embedded/control-socket.js';
import { createDayOf } from '../../../src/domain/day.js';
import { createLog } from '../../../src/observability/log.js';
import { createMetrics } from '../../../src/observability/metrics.js';
import { createMemoryStore } from '../../../src/store/memory/memory-store.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signals-socket-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const deps = (): JobDeps => ({
  store: createMemoryStore(),
  clock: { now: () => new Date('2026-11-20T12:00:00.000Z') },
  log: createLog({ level: 'silent' }),
  metrics: createMetrics(),
  retentionDays: 180,
  dayOf: createDayOf('UTC'),
});

describe('the socket of the embedded mode', () => {
  it('runs a job in the service that has the database open, with the asker’s retention', async () => {
    const close = await listenForJobs(dataDir, deps());
    expect(statSync(join(dataDir, 'control.sock')).mode & 0o077).toBe(0);
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).toMatchObject({
      outcome: 'done',
      report: { dryRun: true, retentionDays: 30, events: 0 },
    });
    await close?.();
  });
  it('answers null where nobody listens, also after a crash left the socket behind', async () => {
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).toBeNull();
    const close = await listenForJobs(dataDir, deps());
    await close?.();
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).toBeNull();
    const again = await listenForJobs(dataDir, deps());
    expect(await askForJob(dataDir, { job: 'purge', dryRun: true, retentionDays: 30 })).not.toBeNull();
    await again?.();
  });
  it.each(['', 'null', '{', '[]', '{"job":"purge"}', '{"job":"purge","dryRun":"no","retentionDays":1}'])(
    'survives %j, and runs nothing for it',
    async (text) => {
      const own = deps();
      const close = await listenForJobs(dataDir, own);
      const status = await new Promise((resolve, reject) => {
        request({ socketPath: join(dataDir, 'control.sock'), method: 'POST' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end(text);
      });
      expect(status).toBe(404);
      expect(await own.metrics.render()).not.toContain('signals_job_runs_total{');
      await close?.();
    },
  );
  it('knows no other job', async () => {
    const close = await listenForJobs(dataDir, deps());
    expect(await askForJob(dataDir, { job: 'rm', dryRun: true, retentionDays: 30 })).toBeNull();
    await close?.();
  });
});
