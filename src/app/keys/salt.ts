import { readFileSync } from 'node:fs';
import { type Config, secretProblem, watchSecretFile } from '../../config/index.js';
import type { Keys } from '../../domain/ingest/anonymise.js';
import type { Log } from '../../domain/ports/index.js';
import { createKeyring } from '../../domain/privacy/identity/keyring.js';
import type { Metrics } from '../../observability/metrics.js';
import type { EmbeddedCredentials } from '../embedded/credentials.js';

export interface Salt {
  /** Null while there is no usable secret: then nothing may be hashed, and nothing is taken. */
  keys(): Keys | null;
  /** How many different secrets this process has seen. */
  generation(): number;
  close(): void;
}

export interface SaltDeps {
  readonly development: EmbeddedCredentials | null;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The salt secret: from the environment for the life of the process, or from a file whose change is the kill switch. */
export function openSalt(config: Config, { development, log, metrics }: SaltDeps): Salt {
  const salt = config.saltSecretFile
    ? saltFromFile(config.saltSecretFile, log)
    : fixedSalt(config.saltSecret?.reveal() ?? (development && Buffer.from(development.saltSecret, 'utf8')));
  metrics.gauge('signals_salt_generation', salt.generation);
  return salt;
}

function saltFromFile(path: string, log: Log): Salt {
  const file = watchSecretFile({
    path,
    name: 'SIGNALS_SALT_SECRET',
    readFile: (from) => readFileSync(from, 'utf8'),
    problem: secretProblem,
    use: (text) => createKeyring(Buffer.from(text, 'utf8')),
    log,
  });
  return { keys: file.current, generation: file.generation, close: file.stop };
}

function fixedSalt(secret: Uint8Array | null): Salt {
  const keyring = secret && createKeyring(secret);
  return { keys: () => keyring, generation: () => 1, close: () => undefined };
}
