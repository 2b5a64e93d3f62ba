import { spawn } from 'node:child_process';

/** A real child process, as an operator's supervisor would start it. */
export interface Child {
  readonly name: string;
  /** Everything that it has written to standard output and standard error. */
  output(): string;
  /** Resolves when what it has written matches; rejects when it ends or `withinMs` pass first. */
  wrote(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  /** Waits for the end and answers the exit code; null when a signal ended it. */
  ended(): Promise<number | null>;
  /** Sends SIGTERM, waits for the end and answers the exit code; null when it had to be killed. */
  stop(): Promise<number | null>;
}

export interface ChildOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment apart from PATH: nothing of ours leaks into it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process that does not end on SIGTERM within this is killed, and the test that asked for its exit code fails. */
const graceMs = 15_000;

/** Starts `node …args`. It dies with the test process at the latest. */
export function startChild({ name, args, cwd, env = {} }: ChildOptions): Child {
  const child = spawn(process.execPath, [...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  let output = '';
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      process.off('exit', killWithUs);
      resolve(code);
      notify();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      notify();
    });
  }

  return {
    name,
    output: () => output,
    wrote: (pattern, withinMs = 30_000) =>
      new Promise((resolve, reject) => {
        const give = (why: string): void => {
          settle();
          reject(new Error(`${name} ${why}:\n${output.slice(-4_000)}`));
        };
        const look = (): void => {
          const match = pattern.exec(output);
          if (match) {
            settle();
            resolve(match);
          } else if (child.exitCode !== null || child.signalCode !== null) give('ended');
        };
        const timer = setTimeout(() => give(`did not write ${pattern}`), withinMs);
        const settle = (): void => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    ended: () => ended,
    stop: async () => {
      const kill = setTimeout(killWithUs, graceMs);
      child.kill('SIGTERM');
      const code = await ended;
      clearTimeout(kill);
      return code;
    },
  };
}
