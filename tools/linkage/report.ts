import { table } from '../../test/bench/table.js';
import type { Measurement } from './beside/figure.js';
import type { Score } from './score.js';
import type { Simulation } from './simulate/simulate.js';

export interface ZoneReport {
  readonly zone: string;
  readonly rows: number;
  readonly people: number;
  readonly days: readonly string[];
  readonly scores: readonly Score[];
}

export function zoneReport({ zone, rows, people, days }: Simulation, scores: readonly Score[]): ZoneReport {
  return {
    zone,
    rows: rows.filter((row) => row.table === 'events').length,
    people: people.filter(({ scored }) => scored).length,
    days: days.map(({ name }) => name),
    scores,
  };
}

export const linksOf = (report: ZoneReport): readonly Score[] => report.scores.filter(({ isLink }) => isLink);

/** A zone as text: every link that was tried, and what came of it. */
export function zoneText(report: ZoneReport): string {
  const { zone, rows, people, days, scores } = report;
  const tried = scores.filter(({ guesses, of }) => guesses > 0 || of === 'visitors');
  const lines = tried.map((score) => [
    score.link,
    score.of,
    String(score.guesses),
    String(score.hits),
    score.expected.toFixed(1),
    String(score.limit),
    verdict(score),
  ]);
  const head = ['link', 'of', 'guesses', 'hits', 'by chance', 'limit', 'verdict'];
  const title = `## ${zone}: ${rows} events of ${people} people on ${days.length} days (${days[0]} to ${days.at(-1)})`;
  return `${title}\n\n${table(head, lines)}\n${sentence(linksOf(report))}\n`;
}

function verdict({ isLink, wasOver }: Score): string {
  if (isLink) return 'LINK';
  return wasOver ? 'no link (over the limit by chance: not in a second world)' : 'no link';
}

function sentence(links: readonly Score[]): string {
  if (links.length === 0) return 'No link does better than chance.';
  const names = links.map(
    ({ link, of, hits, expected }) => `${link} (${of}: ${hits} hits, by chance ${expected.toFixed(1)})`,
  );
  return `Days are linked by: ${names.join('; ')}.`;
}

/** What was measured beside it, as text. */
export function besideText(measurements: readonly Measurement[]): string {
  const sections = measurements.map(({ title, figures, notes }) => {
    const lines = figures.map(({ what, guesses, hits, expected }) => [
      what,
      String(guesses),
      String(hits),
      expected.toFixed(1),
      guesses === 0 ? '–' : `${Math.round((100 * hits) / guesses)} %`,
    ]);
    const body =
      lines.length > 0 ? `${table(['mark', 'guesses', 'hits', 'by chance', 'right'], lines)}\n` : '';
    return `### ${title}\n\n${body}${notes.map((note) => `${note}\n`).join('')}`;
  });
  return `## Beside it: what can link days and fails nothing\n\n${sections.join('\n')}`;
}
