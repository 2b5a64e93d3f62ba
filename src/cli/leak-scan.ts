import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LeakReport, scanForLeaks } from '../leak-scan/leak-scan.js';
import { collectNeedles, minUserAgentLength, type Needles } from '../leak-scan/needles.js';
import { readLines, unpacked } from '../leak-scan/read-lines.js';
import type { Command } from './io.js';

const help = `Usage: signals leak-scan <access-log> <file or folder>... [--json]

Looks in every byte of the given files and folders (a data folder, a database dump, logs, metrics) for any
address and any full user agent of the access log (combined format, plain or gzip). Names the file and what
kind of thing is in it, never the thing.

Exit code 0: nothing found; 1: something found; 2: used wrongly, something could not be read, or there was
nothing to look for or to look in.
`;

/** `signals leak-scan`: proves that what a replay sent as addresses and user agents was written nowhere. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (options?.help) {
    io.stdout.write(help);
    return 0;
  }
  const [log, ...paths] = options?.positionals ?? [];
  if (options === null || log === undefined || paths.length === 0) {
    io.stderr.write(help);
    return 2;
  }
  const needles = await readNeedles(log);
  if (needles === null || needles.list.length === 0) {
    io.stderr.write('leak-scan: no address and no user agent could be read from the access log\n');
    return 2;
  }
  const report = await scanForLeaks(paths, needles);
  const { addresses, userAgents, tooShort } = needles;
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ addresses, userAgents, tooShort, ...report }, null, 2)}\n`
      : describe(needles, report),
  );
  if (report.findings.length > 0) return 1;
  return report.unreadable.length > 0 || report.filesScanned === 0 ? 2 : 0;
};

async function readNeedles(log: string): Promise<Needles | null> {
  try {
    return await collectNeedles(readLines(unpacked(createReadStream(log))));
  } catch {
    return null;
  }
}

function parse(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    return { ...values, positionals };
  } catch {
    return null;
  }
}

function describe(needles: Needles, report: LeakReport): string {
  const megabytes = (report.bytesScanned / 1_000_000).toFixed(1);
  return [
    `looked for  ${needles.addresses} addresses, ${needles.userAgents} user agents`,
    `not for     ${needles.tooShort} user agents shorter than ${minUserAgentLength} characters`,
    `looked in   ${report.filesScanned} files, ${megabytes} MB`,
    ...report.findings.map(
      ({ file, kind }) => `FOUND       an ${kind === 'address' ? 'address' : 'entire user agent'} in ${file}`,
    ),
    ...report.unreadable.map((path) => `UNREADABLE  ${path}`),
    ...report.vanished.map((path) => `vanished    ${path}`),
    report.findings.length === 0 ? 'found       nothing' : `found       ${report.findings.length} leaks`,
    '',
  ].join('\n');
}
