import { chmodSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { jobs } from '../../../jobs/index.js';
import type { JobDeps } from '../../../jobs/job.js';
import { type JobOutcome, runJob } from '../../../jobs/run-job.js';

/** The longest path that every system takes for a socket, in bytes. */
const maxPathBytes = 100;

/** What somebody at the same machine asks the running service to do. */
export interface JobRequest {
  readonly job: string;
  readonly dryRun: boolean;
  readonly retentionDays: number;
}

function pathIn(dataDir: string): string | null {
  const path = join(dataDir, 'control.sock');
  return process.platform !== 'win32' && Buffer.byteLength(path) <= maxPathBytes ? path : null;
}

/**
 * The embedded database belongs to one process, so a job by hand has to be run by the service that has it
 * open: this listens for such requests on a socket in the data folder that only its owner can open. Answers a
 * closer, or null where the system has no such sockets.
 */
export async function listenForJobs(dataDir: string, deps: JobDeps): Promise<(() => Promise<void>) | null> {
  const path = pathIn(dataDir);
  if (!path) return null;
  rmSync(path, { force: true });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const asked = toRequest(Buffer.concat(chunks).toString('utf8'));
      const job = asked && jobs.find(({ name }) => name === asked.job);
      if (!asked || !job) return response.writeHead(404).end();
      const outcome = await runJob(
        job,
        { ...deps, retentionDays: asked.retentionDays },
        { dryRun: asked.dryRun, stopped: () => false },
      );
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(outcome));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/** Null for anything else: what somebody writes into the socket must not end the service. */
function toRequest(text: string): JobRequest | null {
  try {
    const { job, dryRun, retentionDays } = JSON.parse(text) as Partial<JobRequest>;
    const fits = typeof job === 'string' && typeof dryRun === 'boolean' && typeof retentionDays === 'number';
    return fits ? { job, dryRun, retentionDays } : null;
  } catch {
    return null;
  }
}

/** Asks the service that has the data folder open to run a job; null when nobody answers there. */
export function askForJob(dataDir: string, asked: JobRequest): Promise<JobOutcome | null> {
  const path = pathIn(dataDir);
  if (!path) return Promise.resolve(null);
  return new Promise((resolve) => {
    const outgoing = request({ socketPath: path, method: 'POST', path: '/' }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve(response.statusCode === 200 ? (JSON.parse(text) as JobOutcome) : null),
      );
    });
    outgoing.on('error', () => resolve(null));
    outgoing.end(JSON.stringify(asked));
  });
}
