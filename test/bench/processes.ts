import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Workers } from './workers/jobs.js';

/** A child that does one kind of work when it is asked to. */
export interface Worker<Job, Result> {
  /** Rejects with the child's error. One at a time. */
  run(job: Job): Promise<Result>;
}

/** Every child of the run; none outlives it. */
export interface Processes {
  worker<Name extends keyof Workers>(
    name: Name,
    env?: Readonly<Record<string, string>>,
  ): Worker<Workers[Name]['job'], Workers[Name]['result']>;
  /** `node <args>`; what it says on standard error is kept for when it fails. */
  node(args: readonly string[], env: Readonly<Record<string, string>>): NodeChild;
  /** Ends every child that is left, at once. */
  killAll(): void;
}

export interface NodeChild {
  readonly pid: number;
  readonly exited: () => boolean;
  /** The last lines of its standard error. */
  readonly complaint: () => string;
  /** Asks it to stop, as an operator would, and waits until it has. */
  stop(): Promise<void>;
}

/** Milliseconds after which a child that was asked to stop is killed. */
const stopTimeoutMs = 20_000;

/** `workersDir` holds the bundled workers. Children see `PATH`, `HOME` and what is passed, so no setting of the caller leaks in. */
export function createProcesses(workersDir: string): Processes {
  const children = new Set<ChildProcess>();
  const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...env,
  });
  const keep = <C extends ChildProcess>(child: C): C => {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };

  return {
    worker(name, env = {}) {
      const child = keep(
        fork(join(workersDir, `${name}.mjs`), [], {
          env: environment(env),
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        }),
      );
      return { run: (job) => ask(child, job) };
    },
    node(args, env) {
      const child = keep(
        spawn(process.execPath, [...args], {
          env: environment(env),
          stdio: ['ignore', 'ignore', 'pipe'],
        }),
      );
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-2_000);
      });
      return {
        pid: child.pid ?? 0,
        exited: () => child.exitCode !== null || child.signalCode !== null,
        complaint: () => complaint,
        stop: () => stop(child),
      };
    },
    killAll() {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

function ask<Result>(child: ChildProcess, job: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('a worker of the benchmark ended'));
    child.once('exit', onExit);
    child.once('message', (answer: { result?: Result; error?: string }) => {
      child.off('exit', onExit);
      if (answer.error === undefined) resolve(answer.result as Result);
      else reject(new Error(answer.error));
    });
    child.send(job as object);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Resident memory of a process in bytes; NaN where there is no /proc. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(procFile(pid, 'status'))?.[1] ?? Number.NaN) * 1_024;
}

/** Seconds of CPU that a process has used so far (100 ticks a second, as Linux counts for programs); NaN without /proc. */
export function cpuSeconds(pid: number): number {
  // The second field is the program's name in brackets and may hold spaces.
  const fields = procFile(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) / 100;
}

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
