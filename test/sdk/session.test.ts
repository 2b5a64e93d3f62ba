import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memorySession } from '../../src/sdk/session.js';
import { type Locks, type TabPlatform, type TabStorage, tabSession } from '../../src/sdk/tab-session.js';

const start = new Date('2026-03-01T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const minutes = 60_000;
const now = () => Date.now();

function createIds(): () => string {
  let made = 0;
  return () => {
    made += 1;
    return `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`;
  };
}
const nextId = createIds();

/** `sessionStorage` of one tab; `copy` is that of a tab opened or duplicated from it. */
class FakeStorage implements TabStorage {
  readonly items: Map<string, string>;
  constructor(items: ReadonlyMap<string, string> = new Map()) {
    this.items = new Map(items);
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  copy(): FakeStorage {
    return new FakeStorage(this.items);
  }
}

/** The locks of one origin, shared by its tabs. Like a browser's they are given a while after they are asked for. */
class FakeLocks implements Locks {
  readonly held = new Set<string>();
  async request(
    name: string,
    _options: { readonly ifAvailable: true },
    callback: (lock: unknown) => unknown,
  ): Promise<unknown> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (this.held.has(name)) return callback(null);
    this.held.add(name);
    try {
      return await callback({ name });
    } finally {
      this.held.delete(name);
    }
  }
}

const settled = () => vi.advanceTimersByTimeAsync(20);

const openTab = (storage: TabStorage, locks: Locks | undefined) =>
  tabSession(nextId, now, { storage: () => storage, locks });

const kinds = [
  ['memorySession', () => memorySession(nextId, now)],
  ['tabSession', () => openTab(new FakeStorage(), new FakeLocks())],
] as const;

describe.each(kinds)('%s', (_, create) => {
  it('has one id and counts its events from 1', () => {
    const session = create();
    const first = session.next();
    expect(first.seq).toBe(1);
    expect(session.next()).toEqual({ sessionId: first.sessionId, seq: 2 });
  });

  it('goes on for as long as no 30 minutes pass without an event', () => {
    const session = create();
    const { sessionId } = session.next();
    for (let quarter = 0; quarter < 20; quarter += 1) {
      vi.advanceTimersByTime(30 * minutes);
      expect(session.next().sessionId).toBe(sessionId);
    }
  });

  it('is another after 30 idle minutes', () => {
    const session = create();
    const { sessionId } = session.next();
    session.next();
    vi.advanceTimersByTime(30 * minutes + 1);
    const after = session.next();
    expect(after.sessionId).not.toBe(sessionId);
    expect(after.seq).toBe(1);
  });

  it('is another on another day of UTC, however short the pause', () => {
    vi.setSystemTime('2026-03-01T23:59:59.999Z');
    const session = create();
    const { sessionId } = session.next();
    vi.advanceTimersByTime(1);
    expect(session.next()).toEqual({ sessionId: expect.not.stringContaining(sessionId), seq: 1 });
  });

  it('lives on when the clock steps back a little, and is another when it steps back far', () => {
    const session = create();
    const { sessionId } = session.next();
    vi.setSystemTime(start.getTime() - 10 * minutes);
    expect(session.next().sessionId).toBe(sessionId);
    vi.setSystemTime(start.getTime() - 120 * minutes);
    expect(session.next().sessionId).not.toBe(sessionId);
  });

  it('is another after it was forgotten', () => {
    const session = create();
    const { sessionId } = session.next();
    session.forget();
    expect(session.next()).toEqual({ sessionId: expect.not.stringContaining(sessionId), seq: 1 });
  });
});

describe('over a reload', () => {
  it('a tab keeps its session and goes on counting', async () => {
    const storage = new FakeStorage();
    const locks = new FakeLocks();
    const before = openTab(storage, locks);
    const { sessionId } = before.next();
    before.next();
    await settled();
    before.leave?.(true);
    await settled();
    const after = openTab(storage, locks);
    await settled();
    expect(after.next()).toEqual({ sessionId, seq: 3 });
    expect(after.correct?.(sessionId)).toBe(sessionId);
  });

  it('a page without events leaves nothing', () => {
    const storage = new FakeStorage();
    openTab(storage, new FakeLocks()).leave?.(true);
    expect(storage.items.size).toBe(0);
  });

  it('writes nothing but the id, the time and the number, and only when it is left', () => {
    const storage = new FakeStorage();
    const session = openTab(storage, new FakeLocks());
    const { sessionId } = session.next();
    expect(storage.items.size).toBe(0);
    session.leave?.(true);
    expect([...storage.items]).toEqual([['signals.session', `${sessionId} ${start.getTime()} 1`]]);
  });

  it('writes nothing where nothing may be stored', () => {
    const storage = new FakeStorage();
    const session = openTab(storage, new FakeLocks());
    session.next();
    session.leave?.(false);
    expect(storage.items.size).toBe(0);
  });

  it.each([
    ['the 30 minutes are over', start.getTime() + 31 * minutes],
    ['it is another day', start.getTime() + 12 * 60 * minutes],
    ['the clock has stepped back far', start.getTime() - 60 * minutes],
  ])('it is another session when %s', async (_, at) => {
    const storage = new FakeStorage();
    const before = openTab(storage, undefined);
    const { sessionId } = before.next();
    before.leave?.(true);
    vi.setSystemTime(at);
    expect(openTab(storage, undefined).next()).toEqual({
      sessionId: expect.not.stringContaining(sessionId),
      seq: 1,
    });
  });

  it('finds nothing of a session that was forgotten', async () => {
    const storage = new FakeStorage();
    const locks = new FakeLocks();
    const before = openTab(storage, locks);
    const { sessionId } = before.next();
    await settled();
    before.leave?.(true);
    before.enter?.();
    await settled();
    before.forget();
    await settled();
    expect(storage.items.size).toBe(0);
    expect(locks.held.size).toBe(0);
    before.leave?.(true);
    expect(openTab(storage, locks).next().sessionId).not.toBe(sessionId);
  });
});

describe('a copied tab', () => {
  async function duplicate() {
    const storage = new FakeStorage();
    const locks = new FakeLocks();
    const loaded = openTab(storage, locks);
    const { sessionId } = loaded.next();
    await settled();
    loaded.leave?.(true);
    await settled();
    const original = openTab(storage, locks);
    await settled();
    const copy = openTab(storage.copy(), locks);
    return { sessionId, original, copy, locks };
  }

  it('has a session of its own, and the original keeps its own', async () => {
    const { sessionId, original, copy } = await duplicate();
    await settled();
    const own = copy.next();
    expect(own.sessionId).not.toBe(sessionId);
    expect(copy.next()).toMatchObject({ sessionId: own.sessionId });
    expect(original.next()).toEqual({ sessionId, seq: 2 });
  });

  it('puts its own id where it had used the other before it knew', async () => {
    const { sessionId, copy, original } = await duplicate();
    const early = copy.next();
    expect(early.sessionId).toBe(sessionId);
    const event = JSON.stringify({ sessionId: early.sessionId, seq: early.seq });
    expect(copy.correct?.(event)).toBe(event);
    await settled();
    const { sessionId: own } = copy.next();
    expect(copy.correct?.(event)).toBe(JSON.stringify({ sessionId: own, seq: early.seq }));
    expect(copy.correct?.(`${event},${event}`)).not.toContain(sessionId);
    expect(original.correct?.(event)).toBe(event);
  });

  it('holds the lock of its own session, so that a copy of the copy is told too', async () => {
    const { copy, original, locks } = await duplicate();
    await settled();
    const held = [original.next(), copy.next()].map(({ sessionId }) => `signals.session.${sessionId}`);
    await settled();
    expect([...locks.held].sort()).toEqual(held.sort());
  });

  it('shares the session where there are no locks', async () => {
    const storage = new FakeStorage();
    const loaded = openTab(storage, undefined);
    const { sessionId } = loaded.next();
    loaded.leave?.(true);
    expect(openTab(storage.copy(), undefined).next().sessionId).toBe(sessionId);
  });
});

describe('around the back/forward cache', () => {
  it('releases the lock when left and takes it again when back', async () => {
    const locks = new FakeLocks();
    const session = openTab(new FakeStorage(), locks);
    const { sessionId } = session.next();
    await settled();
    expect([...locks.held]).toEqual([`signals.session.${sessionId}`]);
    session.leave?.(true);
    await settled();
    expect([...locks.held]).toEqual([]);
    session.enter?.();
    await settled();
    expect([...locks.held]).toEqual([`signals.session.${sessionId}`]);
    expect(session.next()).toEqual({ sessionId, seq: 2 });
  });

  it('begins another session when somebody holds the id by now', async () => {
    const storage = new FakeStorage();
    const locks = new FakeLocks();
    const cached = openTab(storage, locks);
    const { sessionId } = cached.next();
    await settled();
    cached.leave?.(true);
    await settled();
    const present = openTab(storage, locks);
    await settled();
    expect(present.next().sessionId).toBe(sessionId);
    cached.enter?.();
    await settled();
    expect(cached.next().sessionId).not.toBe(sessionId);
  });

  it('holds no lock when left before it was given', async () => {
    const locks = new FakeLocks();
    const session = openTab(new FakeStorage(), locks);
    session.next();
    session.leave?.(true);
    await settled();
    expect([...locks.held]).toEqual([]);
  });

  it('holds one lock when left and back before it was given', async () => {
    const locks = new FakeLocks();
    const session = openTab(new FakeStorage(), locks);
    const { sessionId } = session.next();
    session.leave?.(true);
    session.enter?.();
    await settled();
    expect([...locks.held]).toEqual([`signals.session.${sessionId}`]);
    expect(session.next().sessionId).toBe(sessionId);
    session.leave?.(true);
    await settled();
    expect([...locks.held]).toEqual([]);
  });

  it('lets go of the lock of a session that is over', async () => {
    const locks = new FakeLocks();
    const session = openTab(new FakeStorage(), locks);
    session.next();
    await settled();
    vi.advanceTimersByTime(31 * minutes);
    const { sessionId } = session.next();
    await settled();
    expect([...locks.held]).toEqual([`signals.session.${sessionId}`]);
  });
});

describe('storage and locks that do not work', () => {
  const broken = (method: 'getItem' | 'setItem' | 'removeItem') =>
    Object.assign(new FakeStorage(), {
      [method]() {
        throw new DOMException('no', 'QuotaExceededError');
      },
    });
  it.each<[string, TabPlatform['storage']]>([
    [
      'reading window.sessionStorage throws',
      () => {
        throw new DOMException('no', 'SecurityError');
      },
    ],
    ['reading throws', () => broken('getItem')],
    ['it is full', () => broken('setItem')],
    ['removing throws', () => broken('removeItem')],
  ])('mean a session in memory when %s', (_, storage) => {
    const session = tabSession(nextId, now, { storage, locks: new FakeLocks() });
    const { sessionId } = session.next();
    session.leave?.(true);
    session.enter?.();
    expect(session.next()).toEqual({ sessionId, seq: 2 });
    session.forget();
    expect(session.next().sessionId).not.toBe(sessionId);
  });

  it.each(['', 'null', '{}', 'an-id 1 2', `${'0'.repeat(36)} x 2`, `${nextId()} 1`, `${nextId()} 1 2 3`])(
    'mean a new session when what is stored is %j',
    (nonsense) => {
      const storage = new FakeStorage(new Map([['signals.session', nonsense]]));
      expect(openTab(storage, new FakeLocks()).next()).toEqual({
        sessionId: expect.stringMatching(/^00000000-0000-7/),
        seq: 1,
      });
    },
  );

  it('leave the session as it is when locks are refused', async () => {
    const locks: Locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    const session = openTab(new FakeStorage(), locks);
    const { sessionId } = session.next();
    await settled();
    expect(session.next()).toEqual({ sessionId, seq: 2 });
  });
});
