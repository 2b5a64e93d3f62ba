import type { TestProject } from 'vitest/node';
import { startDatabaseBroker } from './support/database-broker.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for databases; see test/support/database.ts. */
    databaseBroker: string;
  }
}

/** Once per run, before any test file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await startDatabaseBroker((line) => process.stderr.write(`${line}\n`));
  project.provide('databaseBroker', broker.url);
  return broker.stop;
}
