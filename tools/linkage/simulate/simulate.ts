import type { OpenedStore } from '../../../src/store/open-store.js';
import { readRows } from '../rows/read-rows.js';
import type { Row } from '../rows/row.js';
import { createBrowserUser } from './browser-user.js';
import { type SaltDay, saltDays } from './days.js';
import { makeHabit } from './habit.js';
import { createHandUser } from './hand-user.js';
import { planImports } from './importer.js';
import { createNetwork, type Network } from './network.js';
import { makePeople, type Person } from './people.js';
import { planDeeds } from './plan.js';
import { createRandom, type Random } from './random.js';
import { startServer } from './server.js';
import { createTimeline } from './timeline.js';
import type { UserDeps } from './user-deps.js';

export interface SimulationOptions {
  readonly seed: number;
  readonly users: number;
  readonly days: number;
  /** The first salt day, `YYYY-MM-DD`. */
  readonly firstDay: string;
  readonly zone: string;
  /**
   * Everybody has hours, an entity and an app version of their own. The main test has none of that, so that it judges the
   * write path and not the people.
   */
  readonly habits?: boolean;
  /** Told after every simulated day. */
  readonly onDay?: (day: SaltDay, index: number) => void;
}

export interface Simulation {
  readonly zone: string;
  readonly days: readonly SaltDay[];
  readonly people: readonly Person[];
  /** Every row of every table, as it lies in the database. */
  readonly rows: readonly Row[];
  /** The sender of each row of `events`, by its id. */
  readonly senderOf: ReadonlyMap<string, Person>;
  readonly counts: ReturnType<Network['counts']>;
}

/** The day of the change from summer to winter time in Europe is the third of five. */
export const defaultFirstDay = '2026-10-23';

/** Plays all days on a store that is migrated and empty, which the caller closes. The same options give the same rows. */
export async function simulate(options: SimulationOptions, store: OpenedStore): Promise<Simulation> {
  const { seed, users, zone } = options;
  const random = createRandom(seed);
  const days = saltDays(zone, options.firstDay, options.days);
  const people = makePeople(users, random);
  const start = days[0]?.start ?? 0;
  const timeline = createTimeline(start);
  const server = await startServer(store, zone, timeline.now, people);
  const restore = seedRandomUuid(random);
  try {
    const network = createNetwork({ timeline, random, ...server });
    for (const [index, person] of people.entries()) {
      const habit = options.habits ? makeHabit(index, person, random) : undefined;
      begin({ person, timeline, network, random, habit }, days);
    }
    for (const [index, day] of days.entries()) {
      await timeline.play(day.end);
      options.onDay?.(day, index);
    }
    // What was queued last leaves, too.
    await timeline.play((days.at(-1)?.end ?? start) + 60_000);
    const rows = await readRows((sql) => store.prisma.$queryRawUnsafe(sql));
    return { zone, days, people, rows, senderOf: network.truth.senderOf, counts: network.counts() };
  } finally {
    restore();
    await server.close();
  }
}

function begin(deps: UserDeps, days: readonly SaltDay[]): void {
  const { person, timeline, random, habit } = deps;
  if (person.program === 'import') {
    planImports(days, deps);
    return;
  }
  const doer = person.program === 'web' ? createBrowserUser(deps) : createHandUser(deps);
  for (const deed of habit?.deeds(days) ?? planDeeds(days, random)) timeline.at(deed.at, () => doer(deed));
}

/** The client takes the random bits of its ids from here; seeded, two runs with one seed store the same rows. */
export function seedRandomUuid(random: Random): () => void {
  Object.defineProperty(globalThis.crypto, 'randomUUID', { value: random.uuid, configurable: true });
  return () => {
    // The property hides the one of the prototype and nothing else.
    Reflect.deleteProperty(globalThis.crypto, 'randomUUID');
  };
}
