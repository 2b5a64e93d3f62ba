import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.js';
import { send } from './loopback.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One process of the built service, `node dist/main.js --migrate`, with a production's environment. */
export interface Replica {
  readonly url: string;
  readonly child: Child;
  /** The text at `/metrics`. */
  metrics(): Promise<string>;
  /** The sum of a metric over all its labels. */
  metric(name: string): Promise<number>;
}

/** Starts a replica on a free port and waits until it says that it is ready. */
export async function startReplica(name: string, env: Readonly<Record<string, string>>): Promise<Replica> {
  const child = startChild({
    name,
    args: ['dist/main.js', '--migrate'],
    cwd: root,
    env: { NODE_ENV: 'production', PORT: '0', SIGNALS_LOG_LEVEL: 'debug', ...env },
  });
  const [, url = ''] = await child.wrote(/"url":"(http:[^"]+)".*"ready"/);
  const metrics = async (): Promise<string> => (await send(`${url}/metrics`, { method: 'GET' })).text;
  return { url, child, metrics, metric: async (wanted) => sumOf(await metrics(), wanted) };
}

function sumOf(text: string, name: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Runs the built command line once, as `npm run <command>` does, and answers what it printed. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = startChild({ name: args.join(' '), args: ['dist/cli.js', ...args], cwd: root, env });
  const code = await child.ended();
  return { code, output: child.output() };
}
