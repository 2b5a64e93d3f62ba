import { openStore } from '../../../src/store/open-store.js';
import { anonymousEvents } from '../../support/events.js';

/** Another process with a store: `migrate <url> <migrations>`, `open <folder> <migrations>`, `write <folder> <migrations>`. */
const [task = '', target = '', migrationsDir = ''] = process.argv.slice(2);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const options = { migrationsDir, log: silent, clock: { now: () => new Date() } };

const tasks: Record<string, () => Promise<void>> = {
  async migrate() {
    const opened = await openStore({ ...options, databaseUrl: target });
    console.log(JSON.stringify(await opened.migrate()));
    await opened.store.close();
  },
  async open() {
    try {
      const opened = await openStore({ ...options, dataDir: target });
      await opened.store.close();
      console.log('opened');
    } catch (error) {
      console.log((error as { code?: string }).code);
    }
  },
  /** Writes without an end, and prints the ids of what was acknowledged, after it was. */
  async write() {
    const { store, migrate } = await openStore({ ...options, dataDir: target });
    await migrate();
    for (;;) {
      const events = anonymousEvents(20);
      const verdicts = await store.append(events);
      for (const [n, { id }] of events.entries()) if (verdicts[n] === 'ACCEPTED') console.log(id);
    }
  },
};

await tasks[task]?.();
