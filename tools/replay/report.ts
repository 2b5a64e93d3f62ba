import type { CountedDay } from './counted-days.js';
import type { StoredDay } from './stored-visitors.js';
import type { DayCount, TallyCounts } from './tally.js';

/** The outcome of a replay; `--json` prints it as it is. */
export interface ReplayReport extends TallyCounts {
  /** Days that the log was shifted by. */
  readonly shiftDays: number;
  readonly seconds: number;
  /** Why it stopped before the end; null: it did not. */
  readonly stopped: string | null;
  /** What the server has, by day; null: not asked for. */
  readonly stored: Readonly<Record<string, StoredDay>> | null;
  /** What `eventStats` says, by day, over all apps; null: not asked for, or not answered. */
  readonly counted: Readonly<Record<string, CountedDay>> | null;
  /** Why the comparison could not be made; null: it was made or not asked for. */
  readonly compareFailed: string | null;
}

type Row = readonly [label: string, value: string];

/** The report for a person: a line per number, aligned, without any address or user agent. */
export function describeReport(report: ReplayReport): string {
  const rows: Row[] = [
    ['lines read', number(report.lines)],
    ['malformed', number(report.malformed)],
    ['sent', number(report.sent)],
    ['accepted', number(report.accepted)],
    ['duplicates', number(report.duplicates)],
    ...group('dropped', report.dropped),
    ...group('rejected', report.rejected),
    ...group('failed', report.failed),
    ...group('repeated requests', report.retries),
    ...group('lines of bots', report.bots),
    ['shifted by', `${number(report.shiftDays)} days`],
    ['took', `${report.seconds.toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  const text = rows.map(([label, value]) => `${label.padEnd(width)}${value.padStart(10)}\n`).join('');
  return `${text}\n${describeDays(report)}${describeCounted(report)}${describeTrouble(report)}`;
}

function group(title: string, counts: Readonly<Record<string, number>>): Row[] {
  const entries = Object.entries(counts);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  return [[title, number(total)], ...entries.map(([name, count]): Row => [`  ${name}`, number(count)])];
}

function describeDays({ days, stored, counted }: ReplayReport): string {
  const head = ['day (UTC)', 'visitors in log', 'visitors taken', 'events taken'];
  const compared =
    stored === null ? [] : ['visitors stored', 'events stored', 'visitors counted', 'events counted'];
  const rows = days.map(({ day, visitors, visitorsTaken, eventsTaken }) => {
    const server =
      stored === null
        ? []
        : [stored[day], counted?.[day]].flatMap((have) => [have?.visitors, have?.events]).map(numberOrNone);
    return [day, number(visitors), number(visitorsTaken), number(eventsTaken), ...server];
  });
  return [[...head, ...compared], ...rows]
    .map((cells) => `${cells.map((cell) => cell.padStart(16)).join('  ')}\n`)
    .join('');
}

/** Whether the statistics of the server are what was counted here without it. */
function describeCounted({ days, counted }: ReplayReport): string {
  if (counted === null) return '';
  const equal = days.filter((day) => isEqual(day, counted[day.day]));
  return `\neventStats counts the same events and visitors as the replay on ${equal.length} of ${days.length} days.\n`;
}

function isEqual({ eventsTaken, visitorsTaken }: DayCount, counted: CountedDay | undefined): boolean {
  return counted?.events === eventsTaken && counted.visitors === visitorsTaken;
}

function describeTrouble({ stopped, compareFailed }: ReplayReport): string {
  const early = stopped === null ? '' : `\nStopped early: ${stopped}\n`;
  return compareFailed === null ? early : `${early}\nNot compared: ${compareFailed}\n`;
}

function numberOrNone(value: number | null | undefined): string {
  return value == null ? '?' : number(value);
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
