import * as z from 'zod';
import { fileSchema } from '../catalogue/file-schema.js';
import type { JsonObject } from '../contract/index.js';

/**
 * JSON Schema (2020-12) of the catalogue file, for editors that complete and check while one types. It knows
 * the shape; names that refer to each other and bounds that contradict are left to `parseCatalogue`.
 */
export function catalogueFileSchema(): JsonObject {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-2020-12' });
  return JSON.parse(JSON.stringify({ title: 'Signals catalogue', ...schema }));
}
