import { readFileSync } from 'node:fs';
import { type Config, secretProblem } from '../config/index.js';
import { watchSecretFile } from '../config/secret-file.js';
import type { Keys } from '../domain/ingest/anonymise.js';
import type { Log } from '../domain/ports/index.js';
import { createKeyring } from '../domain/privacy/identity/keyring.js';
import type { EmbeddedCredentials } from './embedded/credentials.js';

export interface Salt {
  /** Null while there is no usable secret: then nothing may be hashed, and nothing is taken. */
  keys(): Keys | null;
  /** How many different secrets this process has seen. */
  generation(): number;
  stop(): void;
}

/** The salt secret: from the environment for the life of the process, or from a file whose change is the kill switch. */
export function createSalt(config: Config, embedded: EmbeddedCredentials | null, log: Log): Salt {
  if (config.saltSecretFile) {
    const file = watchSecretFile({
      path: config.saltSecretFile,
      name: 'SIGNALS_SALT_SECRET',
      readFile: (path) => readFileSync(path, 'utf8'),
      problem: secretProblem,
      use: (text) => createKeyring(Buffer.from(text, 'utf8')),
      log,
    });
    return { keys: file.current, generation: file.generation, stop: file.stop };
  }
  const secret = config.saltSecret?.reveal() ?? (embedded && Buffer.from(embedded.saltSecret, 'utf8'));
  const keyring = secret && createKeyring(secret);
  return { keys: () => keyring, generation: () => 1, stop: () => undefined };
}
