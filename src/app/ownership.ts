import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createOwnership, type Ownership, type OwnershipRule } from '../domain/ingest/ownership.js';
import { ConfigurationError } from './auth.js';

/** Loads the operator's rule. Throws ConfigurationError where the module cannot be had or exports no function. */
export async function loadOwnership(
  path: string | null,
  rule: OwnershipRule | undefined,
): Promise<Ownership | null> {
  if (rule) return createOwnership(rule);
  if (!path) return null;
  const loaded = await import(pathToFileURL(resolve(path)).href).catch(() => null);
  if (typeof loaded?.default !== 'function') {
    throw new ConfigurationError([
      'SIGNALS_OWNERSHIP_MODULE must name a module whose default export is a function',
    ]);
  }
  return createOwnership(loaded.default as OwnershipRule);
}
