import { histogramBounds } from '../../../domain/reading/histogram.js';
import type { StatsPlan } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';
import { numberSql } from './filter-sql.js';
import { createParameters } from './parameters.js';
import type { Piece } from './pieces.js';
import { rawRows } from './raw-cells.js';

/**
 * The numbers of properties, from raw rows: a row for each name, cell and bucket of the histogram. `place` is that of the
 * key among those shown, null for the rest; the total is the sum of all. Sums are of the decimals that were stored.
 */
export function propertyStatement(
  plan: StatsPlan,
  pieces: readonly Piece[],
  shown: readonly (readonly (string | null)[])[],
): Statement {
  const parameters = createParameters();
  const { ctes, key, tables, condition } = rawRows(plan, pieces, parameters);
  const names = parameters.add(plan.measures.properties, 'text[]');
  const bounds = parameters.add(histogramBounds, 'float8[]');
  const keys = parameters.add(JSON.stringify(shown), 'json');
  const bucket = plan.points ? 'p.bucket' : '-1';
  const text = `WITH ${ctes.join(',\n')},
shown AS (
  SELECT ARRAY(SELECT part FROM json_array_elements_text(key) WITH ORDINALITY AS parts (part, at) ORDER BY at) AS k, place
  FROM json_array_elements(${keys}) WITH ORDINALITY AS keys (key, place)),
numbers AS (
  SELECT name, k, period, bucket, ${numberSql('property')} AS number
  FROM (
    SELECT name, ${key} AS k, p.period, ${bucket} AS bucket, e.properties->name AS property
    FROM ${tables} CROSS JOIN unnest(${names}) AS name
    WHERE ${condition}) AS named)
SELECT name, place, period, bucket, width_bucket(number::float8, ${bounds}) AS slot,
  count(*) AS count, sum(number)::text AS sum, min(number::float8) AS min, max(number::float8) AS max
FROM numbers LEFT JOIN shown USING (k)
WHERE number IS NOT NULL
GROUP BY name, place, period, bucket, slot
ORDER BY slot`;
  return { text, values: parameters.values };
}
