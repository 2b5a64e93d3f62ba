import { parseArgs } from 'node:util';

export const help = `Usage: npm run size -- [--peers] [--write] [--json]

Bundles each entry of the client for browsers, as it was built, and holds its size against its
budget (test/size/budget.ts). All figures are bytes; gzip is level 9; a kilobyte is 1,000 bytes.

  --peers   measures other trackers too, in the same way; installs them into test/size once (about 100 MB)
  --write   writes both tables into docs/client-size.md; implies --peers
  --json    one JSON object in place of tables
  --help    this text

Exit code 0: all within their budgets; 1: one is over, has no budget, or cannot be bundled; 2: used wrongly.
`;

export interface Options {
  readonly peers: boolean;
  readonly write: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the command line; null when it is used wrongly. */
export function readOptions(argv: readonly string[]): Options | null {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { peers: flag, write: flag, json: flag, help: flag },
    });
    return { ...values, peers: values.peers || values.write };
  } catch {
    return null;
  }
}
