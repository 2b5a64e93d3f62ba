import { printSubgraphSchema } from '@apollo/subgraph';
import { buildSchema } from './schema.js';

/** The SDL that `schema.graphql` holds and `_service { sdl }` answers. */
export function printSchema(): string {
  const schema = buildSchema(() => {
    throw new Error('printing a schema runs no query');
  });
  return `${printSubgraphSchema(schema)}\n`;
}
