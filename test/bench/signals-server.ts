import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run as tokenCommand } from '../../src/cli/token.js';
import type { BenchContext, Home } from './bench-context.js';
import { freePort } from './processes.js';

/** A built Signals in a process of its own. */
export interface SignalsServer {
  readonly pid: number;
  readonly port: number;
  /** From the start of the process to the first 200 of /readyz, in ms. */
  readonly readyAfterMs: number;
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;

/**
 * Starts `node dist/main.js` as an operator would, with the embedded development key, every visitor's address
 * from `x-forwarded-for`, and no limit of events. Rejects with what the process said when it does not get ready.
 */
export async function startSignals(
  context: BenchContext,
  home: Home,
  {
    args = [],
    nodeArgs = [],
  }: { readonly args?: readonly string[]; readonly nodeArgs?: readonly string[] } = {},
): Promise<SignalsServer> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = context.processes.node([...nodeArgs, join(context.root, 'dist', 'main.js'), ...args], {
    PORT: String(port),
    SIGNALS_DATA_DIR: home.dataDir,
    SIGNALS_RATE_LIMIT_PER_MINUTE: '10000000',
    SIGNALS_CLIENT_IP_SOURCE: 'xff',
    ...(home.databaseUrl && { DATABASE_URL: home.databaseUrl, SIGNALS_DEVELOPMENT: '1' }),
  });
  while (!(await isReady(port))) {
    if (child.exited() || performance.now() - startedAt > startTimeoutMs) {
      await child.stop();
      throw new Error(`Signals did not start on ${home.engine}: ${child.complaint()}`);
    }
    await sleep(5);
  }
  return { pid: child.pid, port, readyAfterMs: performance.now() - startedAt, stop: child.stop };
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    request({ port, host: '127.0.0.1', path: '/readyz', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .once('error', () => resolve(false))
      .end();
  });
}

/** Tokens of so many different callers, as `npm run token` prints them. */
export async function tokensOf(home: Home, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let number = 0; number < count; number++) tokens.push(await token(home.dataDir, `visitor-${number}`));
  return tokens;
}

async function token(dataDir: string, subject: string): Promise<string> {
  let text = '';
  const collect = { write: (part: string) => (text += part) };
  const code = await tokenCommand(['--sub', subject], {
    env: { SIGNALS_DATA_DIR: dataDir },
    stdout: collect,
    stderr: collect,
    fetch,
    now: () => new Date(),
  });
  if (code !== 0) throw new Error(text);
  return text.trim();
}
