import { DateTimeResolver, JSONResolver, SafeIntResolver } from 'graphql-scalars';
import type { Builder } from '../builder.js';

/** `DateTime` (RFC 3339), `JSON` and `SafeInt` (whole numbers to 2^53 − 1, as JSON numbers), under the names that other subgraphs use too. */
export function registerScalars(builder: Builder): void {
  builder.addScalarType('DateTime', DateTimeResolver);
  builder.addScalarType('JSON', JSONResolver);
  builder.addScalarType('SafeInt', SafeIntResolver);
}
