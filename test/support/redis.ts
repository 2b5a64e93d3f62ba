import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

/** A Redis server of the test's own. */
export interface TestRedis {
  readonly url: string;
  /** It keeps its connections and answers nothing, until it is resumed. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Whether a Redis can be had; where everything is required, its absence is an error and not a skip. */
export function redisIsHere(): boolean {
  const here = spawnSync('redis-server', ['--version']).status === 0;
  if (!here && process.env.SIGNALS_TEST_REQUIRE_ALL) throw new Error('redis-server is missing');
  if (!here) console.warn('SKIPPED: tests with a real Redis, because redis-server is not installed');
  return here;
}

/** Starts one on a free port of loopback, in memory only. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.stdout?.on('data', (text) => String(text).includes('Ready to accept') && resolve());
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: () => ended(child),
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
