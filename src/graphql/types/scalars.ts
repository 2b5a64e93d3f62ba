import { DateTimeResolver, JSONResolver } from 'graphql-scalars';
import type { Builder } from '../builder.js';

/** `DateTime` (RFC 3339) and `JSON`, under the names that other subgraphs use too. */
export function registerScalars(builder: Builder): void {
  builder.addScalarType('DateTime', DateTimeResolver);
  builder.addScalarType('JSON', JSONResolver);
}
