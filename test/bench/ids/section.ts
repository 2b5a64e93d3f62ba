import type { IdSeries, IdsResult } from '../parts/ids.js';
import { spread } from '../stats.js';
import { cell, number, table } from '../table.js';

/** The part "ids" of the report. */
export function idsSection({ rows, sharedBuffers, stores, series }: IdsResult): string {
  const head = [
    'one connection',
    ...series.flatMap(({ batch }) => [`rows/s in batches of ${batch}`, 'WAL bytes per row']),
    'primary key, bytes per row before',
    'and after',
  ];
  const lines = stores.map(({ what, keyBytesBefore, keyBytesAfter }) => [
    what,
    ...series.flatMap((one) => cellsOf(one, what)),
    number(keyBytesBefore),
    number(keyBytesAfter),
  ]);
  const rounds = series[0]?.stores[0]?.rowsPerSecond.length ?? 0;
  return `### Appends to ${number(rows, 9)} rows, by the order of their ids

B and C differ from A in one thing each. ${number(rounds, 9)} rounds per size of batch, in which the stores took turns; a checkpoint before each size. \`shared_buffers\` is ${sharedBuffers}. WAL bytes are the mean of all rounds.

${table(head, lines)}
${ratioLines(series).join('\n')}
`;
}

function cellsOf({ stores }: IdSeries, what: string): readonly string[] {
  const rates = stores.find((one) => one.what === what);
  if (!rates) return [number(Number.NaN), number(Number.NaN)];
  const { rowsPerSecond, walBytesPerRow } = rates;
  const sum = walBytesPerRow.reduce((total, bytes) => total + bytes, 0);
  return [cell(spread(rowsPerSecond)), number(sum / walBytesPerRow.length)];
}

/** One line for each store that A is compared with. */
function ratioLines(series: readonly IdSeries[]): readonly string[] {
  const pairs = series[0]?.ratios ?? [];
  return pairs.map(({ what, to }) => {
    const found = series.flatMap(({ batch, ratios }) =>
      ratios
        .filter((ratio) => ratio.to === to)
        .map(
          ({ median, lower, upper }) =>
            `${number(median)} in batches of ${batch} (quartiles ${number(lower)}–${number(upper)})`,
        ),
    );
    return `- (${what}) ÷ (${to}), rows/s, pair by pair: ${found.join(', ')}.`;
  });
}
