import type { View } from '../rows/view.js';
import { columnJoiners, tableJoiners } from './any-column.js';
import { clientIdOrderJoiner, clockJoiners, idOrderJoiner } from './clocks.js';
import { deviceMidnightJoiner } from './device-midnight.js';
import { hashJoiners } from './hashes.js';
import { idBitJoiners } from './id-bits.js';
import type { Joiner } from './joiner.js';
import { lateRowJoiners } from './late-rows.js';
import { otherDayJoiners } from './other-day.js';
import { sequenceJoiners } from './sequence.js';

/** Every link that is known. To add one: a row here, and a row in test/tools/linkage/golden.test.ts that shows it at work. */
export function joinersFor(view: View, zone: string): readonly Joiner[] {
  return [
    ...hashJoiners,
    ...otherDayJoiners(zone),
    ...sequenceJoiners,
    ...clockJoiners,
    idOrderJoiner,
    clientIdOrderJoiner,
    ...idBitJoiners,
    ...columnJoiners(view),
    ...tableJoiners(view),
    deviceMidnightJoiner,
    ...lateRowJoiners,
  ];
}
