import { type Config, ConfigurationError, secretProblem, watchSecretFile } from '../../config/index.js';
import type { Keys } from '../../domain/ingest/anonymise.js';
import type { Log } from '../../domain/ports/index.js';
import { createKeyring } from '../../domain/privacy/identity/keyring.js';
import type { Metrics } from '../../observability/metrics.js';
import type { DevelopmentCredentials } from '../embedded/credentials.js';
import { settingFiles } from '../setting-files.js';
import type { DistinctSecrets } from './distinct-secrets.js';

export interface Salt {
  /** Null while there is no usable secret: then nothing may be hashed, and nothing is taken. */
  keys(): Keys | null;
  /** How many different secrets this process has seen. */
  generation(): number;
  close(): void;
}

export interface SaltDeps {
  readonly development: Pick<DevelopmentCredentials, 'saltSecret'>;
  readonly distinct: DistinctSecrets;
  readonly log: Log;
  readonly metrics: Metrics;
}

const name = 'SIGNALS_SALT_SECRET';

/**
 * The salt secret: from the environment for the life of the process, or from a file whose change is the kill switch.
 * Throws ConfigurationError where a fixed one serves another purpose already.
 */
export function openSalt(config: Config, { development, distinct, log, metrics }: SaltDeps): Salt {
  const salt = config.saltSecretFile
    ? saltFromFile(config.saltSecretFile, distinct, log)
    : fixedSalt(config.saltSecret?.reveal() ?? bytesOf(development.saltSecret), distinct);
  metrics.gauge('signals_salt_generation', salt.generation);
  return salt;
}

function saltFromFile(path: string, distinct: DistinctSecrets, log: Log): Salt {
  const file = watchSecretFile({
    path,
    name,
    readFile: settingFiles.read,
    problem: (text) => secretProblem(text) ?? distinct.problem(name, [Buffer.from(text, 'utf8')]),
    use(text) {
      const secret = Buffer.from(text, 'utf8');
      distinct.take(name, [secret]);
      return createKeyring(secret);
    },
    log,
  });
  return { keys: file.current, generation: file.generation, close: file.stop };
}

function fixedSalt(secret: Uint8Array | null, distinct: DistinctSecrets): Salt {
  if (secret) {
    const problem = distinct.problem(name, [secret]);
    if (problem) throw new ConfigurationError([`${name} ${problem}`]);
    distinct.take(name, [secret]);
  }
  const keyring = secret && createKeyring(secret);
  return { keys: () => keyring, generation: () => 1, close: () => undefined };
}

function bytesOf(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text, 'utf8');
}
