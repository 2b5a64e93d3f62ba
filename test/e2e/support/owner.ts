type Stoppable = { stop(): Promise<unknown> } | { close(): Promise<unknown> };

/** Who has to stop what was started, the last one first. */
export interface Owner {
  /** Takes something over and hands it back. */
  own<T extends Stoppable>(thing: T): T;
  /** Has something done at the end. */
  atTheEnd(work: () => Promise<unknown>): void;
  /** One that cannot be stopped does not keep the others running. Throws what the first of them threw. */
  stop(): Promise<void>;
}

export function createOwner(): Owner {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    own(thing) {
      closers.push(() => ('stop' in thing ? thing.stop() : thing.close()));
      return thing;
    },
    atTheEnd: (work) => void closers.push(work),
    async stop() {
      const results = [];
      for (const close of closers.splice(0).reverse()) results.push(...(await Promise.allSettled([close()])));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}
