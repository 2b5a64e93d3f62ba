import { chmodSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { isJobName, type JobName } from '../../../jobs/index.js';
import type { JobOutcome } from '../../../jobs/run-job.js';
import type { Closable } from '../opened.js';

/** The longest path that every system takes for a socket, in bytes. */
const maxPathBytes = 100;

/** What somebody at the same machine asks the running service to do. */
export interface JobRequest {
  readonly job: JobName;
  readonly dryRun: boolean;
  readonly retentionDays: number;
}

function pathIn(dataDir: string): string | null {
  const path = join(dataDir, 'control.sock');
  return process.platform !== 'win32' && Buffer.byteLength(path) <= maxPathBytes ? path : null;
}

/**
 * Runs the jobs that are asked for on a socket in the data folder, which only its owner can open. Where the system
 * has no such sockets, nobody can ask.
 */
export async function listenForJobs(
  dataDir: string,
  run: (asked: JobRequest) => Promise<JobOutcome>,
): Promise<Closable> {
  const path = pathIn(dataDir);
  if (!path) return { close: () => undefined };
  rmSync(path, { force: true });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const asked = toRequest(Buffer.concat(chunks).toString('utf8'));
      if (!asked) return response.writeHead(404).end();
      const outcome = await run(asked);
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(outcome));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Null for anything else: what somebody writes into the socket must not end the service. */
function toRequest(text: string): JobRequest | null {
  try {
    const { job, dryRun, retentionDays } = JSON.parse(text) as Record<string, unknown>;
    if (typeof job !== 'string' || !isJobName(job)) return null;
    if (typeof dryRun !== 'boolean' || typeof retentionDays !== 'number') return null;
    return { job, dryRun, retentionDays };
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
