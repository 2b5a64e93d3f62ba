import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobs } from '../../jobs/index.js';
import { packageRoot } from '../../src/app/package-root.js';
import type { Command } from '../../src/cli/io.js';
import { settings } from '../../src/config/index.js';
import {
  errorCodes,
  type RefusalCause,
  refusalCauses,
  refusalWords,
  trackReasonNames,
  trackReasons,
  trackRules,
} from '../../src/contract/index.js';
import { metricCatalogue } from '../../src/observability/metrics.js';

const help = `Usage: npm run docs [-- --check]

Writes the tables of docs/operations.md from the tables in the code. With --check it writes nothing and exits 1
when the page is stale.
`;

const file = 'docs/operations.md';

/** `npm run docs`: what is a table in the code is the same table in the docs. */
export const run: Command = async (argv, io) => {
  if (argv.includes('--help')) {
    io.stdout.write(help);
    return 0;
  }
  const path = join(packageRoot(), file);
  const before = readFileSync(path, 'utf8');
  const after = withTables(before);
  if (before === after) return 0;
  if (argv.includes('--check')) {
    io.stderr.write(`${file} is stale; write it again with: npm run docs\n`);
    return 1;
  }
  writeFileSync(path, after);
  io.stdout.write(`wrote ${file}\n`);
  return 0;
};

/** The page with every marked region replaced. Throws where a mark is missing: a table that nobody shows is a bug. */
export function withTables(page: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const region = new RegExp(`(<!-- ${name}:start -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    if (!region.test(text)) throw new Error(`${file} has no region ${name}`);
    return text.replace(region, (_, start: string, end: string) => `${start}${table()}\n${end}`);
  }, page);
}

const tables: Readonly<Record<string, () => string>> = {
  settings: () =>
    table(
      ['name', 'default', 'meaning'],
      settings.map((row) => [
        `\`${row.name}\``,
        row.default,
        `${row.meaning}${'secret' in row ? ' *Secret.*' : ''}`,
      ]),
    ),
  codes: () =>
    table(
      ['code', 'status before execution, and over REST', 'retry', 'meaning'],
      Object.entries(errorCodes).map(([code, row]) => [
        `\`${code}\``,
        String(row.httpStatus),
        row.retryable ? 'yes' : 'no',
        row.meaning,
      ]),
    ),
  causes: () =>
    table(
      ['at', 'code', 'status', 'message'],
      Object.entries(refusalCauses).map(([cause, { doors }]) => {
        const { code, httpStatus, message } = refusalWords(cause as RefusalCause);
        const at = doors.map((door) => `\`${door}\``).join(', ') || 'any path';
        return [at, `\`${code}\``, String(httpStatus), message];
      }),
    ),
  reasons: () =>
    table(
      ['reason', 'status', 'retry', 'meaning'],
      trackReasonNames.map((name) => {
        const { status, retryable, meaning } = trackReasons[name];
        return [`\`${name}\``, status, retryable ? 'yes' : 'no', meaning];
      }),
    ),
  rules: () =>
    table(
      ['rule', 'what is wrong at the field'],
      Object.entries(trackRules).map(([rule, meaning]) => [`\`${rule}\``, meaning]),
    ),
  metrics: () =>
    table(
      ['metric', 'labels', 'meaning'],
      Object.entries(metricCatalogue).map(([name, { labels, help: meaning }]) => [
        `\`${name}\``,
        labels.map((label) => `\`${label}\``).join(', ') || '–',
        meaning,
      ]),
    ),
  jobs: () =>
    table(
      ['job', 'when (UTC)', 'does'],
      Object.entries(jobs).map(([name, { cron, description }]) => [
        `\`${name}\``,
        cron === null ? 'when asked' : `\`${cron}\``,
        description,
      ]),
    ),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
