import type { Log } from '../domain/ports/index.js';

export interface SecretFileOptions<T> {
  readonly path: string;
  readonly readFile: (path: string) => string;
  /** Why the text cannot be used, or null. */
  readonly problem: (text: string) => string | null;
  /** Makes what the rest works with; called once per new content. */
  readonly use: (text: string) => T;
  readonly log: Log;
  /** How often the file is looked at. */
  readonly pollMs?: number;
  /** What a log line calls it. */
  readonly name: string;
}

export interface SecretFile<T> {
  /** What follows from the file as it stands; null while it holds nothing usable. */
  current(): T | null;
  /** 1 for the first content, one more for each other content since. */
  generation(): number;
  stop(): void;
}

/** A file that is swapped (Kubernetes) is missing for a moment: so many polls in a row must fail before it counts. */
const toleratedMisses = 3;

/**
 * Watches a file with a secret. New content is in use within `pollMs` (default one second). Content that is
 * no secret, or a file that stays away, makes `current()` null: callers must then refuse, since going on with the
 * old secret would defeat the operator who is just taking it away.
 */
export function watchSecretFile<T>(options: SecretFileOptions<T>): SecretFile<T> {
  let text: string | null = null;
  let value: T | null = null;
  let generation = 0;
  let misses = 0;

  const refuse = (why: string): void => {
    if (value !== null || generation === 0)
      options.log.error(
        { secret_name: options.name, why },
        'secret file is not usable; refusing until it is',
      );
    value = null;
    text = null;
  };
  const look = (): void => {
    const read = attempt(() => options.readFile(options.path).trim());
    if (read === null) {
      misses++;
      if (misses >= toleratedMisses || generation === 0) refuse('unreadable');
      return;
    }
    misses = 0;
    if (read === text) return;
    const problem = options.problem(read);
    if (problem) {
      refuse(`the secret ${problem}`);
      return;
    }
    text = read;
    value = options.use(read);
    generation++;
    if (generation > 1)
      options.log.warn({ secret_name: options.name, generation }, 'secret changed; the new one is in use');
  };

  look();
  const timer = setInterval(look, options.pollMs ?? 1_000);
  timer.unref();
  return { current: () => value, generation: () => generation, stop: () => clearInterval(timer) };
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
