import { type JsonPath, problemAt } from './problems.js';
import type { PropertyChecks } from './property-checks.js';
import type { ValueSchema } from './property-schema.js';

/** Examples of a sound schema that do not fit it. */
export function checkExamples(schema: ValueSchema, path: JsonPath, checks: PropertyChecks): string[] {
  const problems = (schema.examples ?? []).flatMap((example: unknown, index) =>
    checks.fits(schema, example)
      ? []
      : [problemAt([...path, 'examples', index], 'does not fit its own schema')],
  );
  if (schema.type === 'array') problems.push(...checkExamples(schema.items, [...path, 'items'], checks));
  if (schema.type === 'object') {
    for (const [name, property] of Object.entries(schema.properties)) {
      problems.push(...checkExamples(property, [...path, 'properties', name], checks));
    }
  }
  return problems;
}
