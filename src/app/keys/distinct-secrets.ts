import { createHash } from 'node:crypto';

/** Keeps two purposes from being served by one secret, also when a file changes at run time. */
export interface DistinctSecrets {
  /** Why these cannot serve the purpose of this name, or null: another name has one of them. */
  problem(name: string, secrets: readonly Uint8Array[]): string | null;
  /** From now on these serve the purpose of this name, and no others. */
  take(name: string, secrets: readonly Uint8Array[]): void;
}

/** Remembers digests only, so that a secret which was replaced is forgotten. */
export function createDistinctSecrets(): DistinctSecrets {
  const taken = new Map<string, ReadonlySet<string>>();
  return {
    problem(name, secrets) {
      const digests = secrets.map(digestOf);
      const other = [...taken].find(([by, theirs]) => by !== name && digests.some((one) => theirs.has(one)));
      return other ? `must differ from ${other[0]}` : null;
    },
    take(name, secrets) {
      taken.set(name, new Set(secrets.map(digestOf)));
    },
  };
}

function digestOf(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}
