import type { Size, Verdict } from './budget.js';

/** A tracker with its size, as the page shows it. */
export interface PeerSize extends Size {
  readonly label: string;
  readonly version: string;
  readonly licence: string;
  readonly about: string;
}

/** Sizes of our entries beside their budgets. */
export function entriesTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ entry, minified, gzip, budget, isOver }) => [
    `\`${entry}\``,
    number(minified),
    number(gzip),
    number(budget),
    isOver ? `**${number(gzip - budget)} over**` : `${number(budget - gzip)} left`,
  ]);
  return table(
    ['entry', 'minified', 'gzip', 'budget', ''],
    ['left', 'right', 'right', 'right', 'right'],
    rows,
  );
}

/** Trackers from the smallest to the largest, gzipped. */
export function peersTable(sizes: readonly PeerSize[]): string {
  const rows = [...sizes]
    .sort((a, b) => a.gzip - b.gzip)
    .map(({ label, version, licence, minified, gzip, about }) => [
      label,
      version,
      number(minified),
      number(gzip),
      licence,
      about,
    ]);
  const head = ['tracker', 'version', 'minified', 'gzip', 'licence', 'what is in it'];
  return table(head, ['left', 'left', 'right', 'right', 'left', 'left'], rows);
}

/** What a page says between its marks, replaced. Throws where a mark is missing: nobody would see the table. */
export function withRegion(page: string, name: string, text: string): string {
  const region = new RegExp(`(<!-- ${name}:start -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!region.test(page)) throw new Error(`the page has no region ${name}`);
  return page.replace(region, (_, start: string, end: string) => `${start}${text}${end}`);
}

function table(
  head: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const rule = align.map((side) => (side === 'left' ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function number(value: number): string {
  return new Intl.NumberFormat('en-GB').format(value);
}
