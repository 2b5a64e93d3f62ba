/** Bodies whose sender is known, and bodies whose sender is not known yet, or never will be. */
export type BodyPool = 'vouched' | 'unvouched';

export interface BodyBudgetOptions {
  /** Bytes that the bodies of a pool may take together. */
  readonly bytes: Readonly<Record<BodyPool, number>>;
  /** Milliseconds for which a body may arrive before it has to give way to others. */
  readonly slowMs: number;
  /** Milliseconds since some instant; it never runs backwards. */
  readonly elapsedMs: () => number;
}

/** The room that one body takes. */
export interface BodyClaim {
  /** Takes room for bytes that have arrived. False where there is none: then nothing was taken. */
  take(bytes: number): boolean;
  /** The body is complete, and does not give way any more. */
  arrived(): void;
  /** Moves the body to those whose sender is known. False where there is no room among them. */
  vouch(): boolean;
  /** Gives all room back; whatever is asked of the claim afterwards is refused. Safe to call twice. */
  release(): void;
}

export interface BodyBudget {
  /** `giveWay` is called at most once, when the body has to be dropped; its room has been given back by then. */
  claim(pool: BodyPool, giveWay: () => void): BodyClaim;
  /** Bytes that the bodies of a pool take now. */
  used(pool: BodyPool): number;
}

interface Arriving {
  readonly since: number;
  readonly drop: () => void;
}

interface Pool {
  readonly capacity: number;
  used: number;
  /** Bodies that are not complete, the one that has been arriving longest first. */
  readonly arriving: Set<Arriving>;
}

/**
 * One budget for all bodies in flight. The two pools share nothing, so nobody without a token can take the room of
 * those with one. Where a pool is full, the bodies that have been arriving for longer than `slowMs` give way, oldest
 * first: connections that send slowly on purpose keep nobody out. Where there is none, the newcomer is refused.
 */
export function createBodyBudget({ bytes, slowMs, elapsedMs }: BodyBudgetOptions): BodyBudget {
  const pools: Readonly<Record<BodyPool, Pool>> = {
    vouched: { capacity: bytes.vouched, used: 0, arriving: new Set() },
    unvouched: { capacity: bytes.unvouched, used: 0, arriving: new Set() },
  };

  function makeRoom(pool: Pool, wanted: number, self: Arriving): boolean {
    while (pool.used + wanted > pool.capacity) {
      const [oldest] = pool.arriving;
      if (!oldest || oldest === self || elapsedMs() - oldest.since <= slowMs) return false;
      oldest.drop();
    }
    return true;
  }

  function claim(name: BodyPool, giveWay: () => void): BodyClaim {
    let pool: Pool | null = pools[name];
    let held = 0;
    const arrived = (): void => void pool?.arriving.delete(self);
    const release = (): void => {
      if (pool) pool.used -= held;
      arrived();
      pool = null;
      held = 0;
    };
    const drop = (): void => {
      release();
      giveWay();
    };
    const self: Arriving = { since: elapsedMs(), drop };
    pool.arriving.add(self);
    return {
      arrived,
      release,
      take(wanted) {
        if (!pool || !makeRoom(pool, wanted, self)) return false;
        pool.used += wanted;
        held += wanted;
        return true;
      },
      vouch() {
        if (!pool || pool === pools.vouched) return pool !== null;
        if (!makeRoom(pools.vouched, held, self)) return false;
        pool.used -= held;
        arrived();
        pool = pools.vouched;
        pool.used += held;
        return true;
      },
    };
  }
  return { claim, used: (name) => pools[name].used };
}
