import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../config/index.js';
import { createOwnership, type Ownership, type OwnershipRule } from '../domain/ingest/ownership.js';

/** A rule that takes longer has failed: the caller is told to come back instead of waiting for ever. */
const ruleDeadlineMs = 2_000;

const problem = 'SIGNALS_OWNERSHIP_MODULE must name a module whose default export is a function';

/** Loads the operator's rule. Throws ConfigurationError where the module cannot be had or exports no function. */
export async function loadOwnership(
  path: string | null,
  rule: OwnershipRule | undefined,
): Promise<Ownership | null> {
  if (rule) return createOwnership(withDeadline(rule));
  if (!path) return null;
  const loaded = await importRule(path);
  if (loaded === null) throw new ConfigurationError([problem]);
  return createOwnership(withDeadline(loaded));
}

/** Why the operator's rule cannot be loaded: nothing where there is none, or where it can. */
export async function ownershipProblems(path: string | null): Promise<readonly string[]> {
  return path === null || (await importRule(path)) !== null ? [] : [problem];
}

async function importRule(path: string): Promise<OwnershipRule | null> {
  const loaded = await import(pathToFileURL(resolve(path)).href).catch(() => null);
  return typeof loaded?.default === 'function' ? loaded.default : null;
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
