import type { Coordination } from '../../domain/ports/index.js';

/** Named locks within this process, for engines that no other process can reach. */
export function createLocalLocks(): Coordination['withLock'] {
  const held = new Set<string>();
  return async (name, work) => {
    if (held.has(name)) return { ran: false };
    held.add(name);
    try {
      return { ran: true, value: await work({ lost: () => false }) };
    } finally {
      held.delete(name);
    }
  };
}
