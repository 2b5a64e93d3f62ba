import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../config/index.js';
import { createOwnership, type Ownership, type OwnershipRule } from '../domain/ingest/ownership.js';

/** A rule that takes longer has failed: the caller is told to come back instead of waiting for ever. */
const ruleDeadlineMs = 2_000;

/** Loads the operator's rule. Throws ConfigurationError where the module cannot be had or exports no function. */
export async function loadOwnership(
  path: string | null,
  rule: OwnershipRule | undefined,
): Promise<Ownership | null> {
  if (rule) return createOwnership(withDeadline(rule));
  if (!path) return null;
  const loaded = await import(pathToFileURL(resolve(path)).href).catch(() => null);
  if (typeof loaded?.default !== 'function') {
    throw new ConfigurationError([
      'SIGNALS_OWNERSHIP_MODULE must name a module whose default export is a function',
    ]);
  }
  return createOwnership(withDeadline(loaded.default as OwnershipRule));
}

function withDeadline(rule: OwnershipRule): OwnershipRule {
  return async (question) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error('the ownership rule did not answer in time')),
        ruleDeadlineMs,
      );
    });
    try {
      return await Promise.race([rule(question), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
