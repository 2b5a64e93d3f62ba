import { run as diff } from './catalog-diff.js';
import { run as docs } from './catalog-docs.js';
import type { Command } from './io.js';

/** What `signals catalog` can do. */
export const subcommands: Readonly<Record<string, Command>> = { diff, docs };

const help = `Usage: signals catalog diff OLD NEW [--json]
       signals catalog docs FILE [--out PAGE] [--schema FILE] [--check]

  diff   names what has changed between two catalogue files, and what that means for clients
  docs   describes a catalogue file as a page of Markdown

\`signals catalog diff --help\` and \`signals catalog docs --help\` say more.

Exit code 2: used wrongly. The other exit codes are those of the subcommand.
`;

/** `signals catalog diff` and `signals catalog docs`. */
export const run: Command = async ([name, ...argv], io) => {
  if (name === '--help') {
    io.stdout.write(help);
    return 0;
  }
  const subcommand = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand !== undefined) return subcommand(argv, io);
  const names = Object.keys(subcommands).join(' or ');
  const problem =
    name === undefined
      ? `the subcommand is missing: ${names}`
      : `there is no subcommand ${JSON.stringify(name)}, only ${names}`;
  io.stderr.write(`catalog: ${problem}\n\n${help}`);
  return 2;
};
