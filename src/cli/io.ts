/** What a command may touch of the world; tests give their own. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly fetch: typeof fetch;
  readonly now: () => Date;
}

/** A command: answers its exit code. 0 done, 1 failed or refused, 2 used wrongly. */
export type Command = (argv: readonly string[], io: CliIo) => Promise<number>;
