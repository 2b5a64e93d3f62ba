import { limits, type Result } from '../contract/index.js';
import type { EntityTypePlan } from '../domain/catalogue.js';
import { isUuid, uuidLength } from '../domain/uuid.js';
import type { EntityTypeEntry } from './file-schema.js';
import { compilePattern } from './pattern.js';
import { type JsonPath, problemAt } from './problems.js';

/** An entity type with what the docs print of its ids. */
export interface PrintableEntityType extends EntityTypePlan {
  /** A regular expression, or null where ids are UUIDs. */
  readonly pattern: string | null;
  readonly maxLength: number;
  readonly examples: readonly string[];
}

/** An entity type from its entry in the file, or everything that is wrong with that entry. */
export function createEntityType(
  name: string,
  entry: EntityTypeEntry,
  path: JsonPath,
): Result<PrintableEntityType, readonly string[]> {
  const problems: string[] = [];
  if ((entry.format === undefined) === (entry.pattern === undefined)) {
    problems.push(problemAt(path, 'must have either format "uuid" or a pattern'));
  }
  if (entry.format !== undefined && entry.maxLength !== undefined) {
    problems.push(problemAt([...path, 'maxLength'], 'cannot stand beside format'));
  }
  const maxLength = entry.format === 'uuid' ? uuidLength : (entry.maxLength ?? limits.maxEntityIdLength);
  const pattern = entry.pattern === undefined ? null : compilePattern(entry.pattern);
  if (pattern !== null && !pattern.ok) problems.push(problemAt([...path, 'pattern'], pattern.error));
  if (problems.length > 0) return { ok: false, error: problems };

  const normaliseId = (id: string): string | null => {
    // Length first: it bounds the work of the pattern.
    if (id.length > maxLength) return null;
    if (pattern?.ok) return pattern.value.test(id) ? id : null;
    return isUuid(id) ? id.toLowerCase() : null;
  };
  const examples = entry.examples ?? [];
  for (const [index, example] of examples.entries()) {
    if (normaliseId(example) === null) {
      problems.push(problemAt([...path, 'examples', index], 'is no id of this type'));
    }
  }
  if (problems.length > 0) return { ok: false, error: problems };
  const { description, keepTotalsDays = null } = entry;
  const ids = { normaliseId, pattern: entry.pattern ?? null, maxLength, examples };
  return { ok: true, value: Object.freeze({ name, description, keepTotalsDays, ...ids }) };
}
