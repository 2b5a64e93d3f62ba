import type { PostgresOffer } from '../../../test/support/database-broker.js';
import type { Simulation } from '../simulate/simulate.js';
import type { Measurement } from './figure.js';
import { measureHabits, measureRemains } from './habits.js';
import { measureOrderOfWriting } from './order-of-writing.js';

export interface BesideDeps {
  /** Of the main test. */
  readonly simulation: Simulation;
  /** A small world in which people have habits. */
  readonly habits: () => Promise<Simulation>;
  readonly postgres: () => Promise<PostgresOffer>;
  readonly say: (line: string) => void;
}

/** What can link days and is no fault of the write path. Fails nothing. */
export async function measureBeside(deps: BesideDeps): Promise<readonly Measurement[]> {
  deps.say('habits');
  const habits = measureHabits(await deps.habits());
  const remains = measureRemains(deps.simulation);
  deps.say('the order of writing, on PostgreSQL');
  const offer = await deps.postgres();
  const order: Measurement =
    offer.missing === undefined
      ? await measureOrderOfWriting(offer)
      : { title: 'Access to the database itself', figures: [], notes: [`SKIPPED: ${offer.missing}`] };
  return [remains, habits, order];
}
