import type { Row } from './row.js';

/** Who sent a row, and whether links to them count. */
export interface Sender {
  readonly name: string;
  readonly scored: boolean;
}

const notScored = ' (not scored)';

export const senderText = ({ name, scored }: Sender): string => (scored ? name : name + notScored);

export function senderFrom(text: string): Sender {
  const scored = !text.endsWith(notScored);
  return { name: scored ? text : text.slice(0, -notScored.length), scored };
}

/** A row and the name (`senderText`) of who sent it, which no joiner is shown; null where nobody did (other tables). */
export interface TruthfulRow {
  readonly row: Row;
  readonly sender: string | null;
}

/**
 * Rows of several tables as one text: a line `@table`, a line of column names, then the rows, separated by tabs. NULL is
 * `\N`, as in PostgreSQL's COPY. The first column is the truth.
 */
export function toTsv(rows: readonly TruthfulRow[]): string {
  const tables = [...new Set(rows.map(({ row }) => row.table))];
  return tables
    .map((table) =>
      section(
        table,
        rows.filter(({ row }) => row.table === table),
      ),
    )
    .join('');
}

function section(table: string, rows: readonly TruthfulRow[]): string {
  const columns = Object.keys(rows[0]?.row.columns ?? {});
  const lines = rows.map(({ row, sender }) => [sender, ...columns.map((name) => row.columns[name] ?? null)]);
  return [[`@${table}`], ['sender', ...columns], ...lines]
    .map((cells) => `${cells.map(toCell).join('\t')}\n`)
    .join('');
}

function toCell(cell: string | null): string {
  if (cell === null) return '\\N';
  return cell.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}

/** Reads what `toTsv` wrote. */
export function fromTsv(text: string): readonly TruthfulRow[] {
  const rows: TruthfulRow[] = [];
  let table = '';
  let columns: readonly string[] | null = null;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('@')) {
      table = line.slice(1);
      columns = null;
      continue;
    }
    const [sender = null, ...cells] = line.split('\t').map(fromCell);
    if (columns)
      rows.push({
        sender,
        row: {
          table,
          columns: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null])),
        },
      });
    else columns = cells.map(String);
  }
  return rows;
}

function fromCell(cell: string): string | null {
  if (cell === '\\N') return null;
  return cell.replace(/\\([\\tn])/g, (_, kind: string) => ({ t: '\t', n: '\n' })[kind] ?? '\\');
}
