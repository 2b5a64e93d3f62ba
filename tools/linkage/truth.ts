import type { Sender } from './rows/tsv.js';
import type { Unit } from './rows/view.js';
import type { TruthOf } from './score.js';

/** The sender of most rows of a unit. */
export function truthFrom(senderOf: (rowId: string) => Sender | undefined): TruthOf {
  const known = new WeakMap<Unit, Sender | null>();
  return (unit) => {
    const before = known.get(unit);
    if (before !== undefined) return before;
    const counts = new Map<string, { readonly sender: Sender; count: number }>();
    for (const { id } of unit.rows) {
      const sender = senderOf(id);
      if (sender) counts.set(sender.name, { sender, count: (counts.get(sender.name)?.count ?? 0) + 1 });
    }
    const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
    const truth = most?.sender ?? null;
    known.set(unit, truth);
    return truth;
  };
}
