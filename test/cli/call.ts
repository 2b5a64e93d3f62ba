import type { Command } from '../../src/cli/io.js';

export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command with no environment and no network. */
export async function call(run: Command, argv: readonly string[]): Promise<Called> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    env: {},
    stdout: {
      write(text) {
        out += text;
      },
    },
    stderr: {
      write(text) {
        err += text;
      },
    },
    fetch: () => Promise.reject(new Error('no network')),
    now: () => new Date(0),
  });
  return { code, out, err };
}
