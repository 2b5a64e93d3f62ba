import type { Log } from '../domain/ports/index.js';
import type { OpenedStore } from '../store/open-store.js';
import { describeFailure } from './describe-failure.js';
import type { Closable } from './opened.js';

const retryMs = 3_000;

/**
 * Applies migrations now, and where that fails goes on trying while the service is up and says that it is not
 * ready: a database that comes a little later is no reason to crash in a loop. Calls `done` once, when they are
 * applied. Closing it ends the trying.
 */
export async function migrateUntilDone(store: OpenedStore, log: Log, done: () => void): Promise<Closable> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    try {
      await store.migrate();
      if (!stopped) done();
    } catch (error) {
      log.error({ ...describeFailure(error), retry_ms: retryMs }, 'migrations could not be applied');
      if (!stopped) timer = setTimeout(() => void attempt(), retryMs);
    }
  };
  await attempt();
  return {
    close() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
