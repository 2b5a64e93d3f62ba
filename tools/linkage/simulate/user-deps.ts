import type { Habit } from './habit.js';
import type { Network } from './network.js';
import type { Person } from './people.js';
import type { Random } from './random.js';
import type { Timeline } from './timeline.js';

/** What every simulated user is made of. */
export interface UserDeps {
  readonly person: Person;
  readonly timeline: Timeline;
  readonly network: Network;
  readonly random: Random;
  readonly habit?: Habit | undefined;
}
