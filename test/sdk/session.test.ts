import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrackedUser } from '../../src/sdk/options.js';
import { memorySession, type Session } from '../../src/sdk/session.js';
import { noSession, type TabStorage, tabSession } from '../../src/sdk/tab-session.js';
import type { AnyTrack } from '../../src/sdk/track.js';
import { createTracker } from '../../src/sdk/tracker.js';
import type { Tracker } from '../../src/sdk/tracker-api.js';
import { createFakePage } from './fake-page.js';

const start = Date.parse('2026-03-01T12:00:00.000Z');
const minutes = 60_000;

let clock = start;
beforeEach(() => {
  clock = start;
});
afterEach(() => {
  vi.unstubAllGlobals();
});
const now = () => clock;

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

/** Another page of the tab that the storage is of. */
const openPage = (storage: TabStorage, newId = nextId) => tabSession(newId, now, () => storage);

/** One that is not the last one, at its first event. */
const another = (last: { readonly sessionId?: string }) => ({
  sessionId: expect.not.stringMatching(String(last.sessionId)),
  seq: 1,
});

const kinds: readonly [string, () => Session][] = [
  ['memorySession', () => memorySession(nextId, now)],
  ['tabSession', () => openPage(new FakeStorage())],
];

describe.each(kinds)('%s', (_, create) => {
  it('has one id and counts its events from 1', () => {
    const session = create();
    const first = session.next();
    expect(first).toEqual({ sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/), seq: 1 });
    expect(session.next()).toEqual({ ...first, seq: 2 });
  });

  it('goes on for as long as no 30 minutes pass without an event', () => {
    const session = create();
    const { sessionId } = session.next();
    for (let seq = 2; seq < 22; seq += 1) {
      clock += 30 * minutes - 1;
      expect(session.next()).toEqual({ sessionId, seq });
    }
  });

  it('is another after 30 idle minutes', () => {
    const session = create();
    const first = session.next();
    clock += 30 * minutes;
    expect(session.next()).toEqual(another(first));
  });

  it('goes on over midnight: the server keeps its two days apart, in its own zone', () => {
    clock = Date.parse('2026-03-01T23:45:00Z');
    const session = create();
    const first = session.next();
    clock = Date.parse('2026-03-01T23:59:59.999Z');
    expect(session.next()).toEqual({ ...first, seq: 2 });
    clock += 1;
    expect(session.next()).toEqual({ ...first, seq: 3 });
  });

  it('goes on when the clock is set back a little', () => {
    const session = create();
    const first = session.next();
    clock -= 10 * minutes;
    expect(session.next()).toEqual({ ...first, seq: 2 });
  });

  it.each([['30 minutes', '2021-05-01T10:00:00.000Z', 30 * minutes]])(
    'lives no longer than %s when the clock is set back by years',
    (_span, earlier, spanMs) => {
      const session = create();
      const first = session.next();
      clock = Date.parse(earlier);
      session.next();
      clock += spanMs;
      expect(session.next()).toEqual(another(first));
    },
  );

  it('is another after it was forgotten', () => {
    const session = create();
    const first = session.next();
    session.forget();
    expect(session.next()).toEqual(another(first));
  });
});

describe('over a reload', () => {
  it('a tab keeps its session and goes on counting, through a page without events, too', () => {
    const storage = new FakeStorage();
    const before = openPage(storage);
    const first = before.next();
    before.next();
    before.leave?.();
    openPage(storage).leave?.();
    expect(openPage(storage).next()).toEqual({ ...first, seq: 3 });
  });

  it.each([
    ['before 30 idle minutes are over', 30 * minutes - 1, 'goes on'],
    ['after 30 idle minutes', 30 * minutes, 'is another'],
    ['on another day', 12 * 60 * minutes, 'is another'],
    ['under a clock that was set back a little', -10 * minutes, 'goes on'],
  ])('a session %s (%i ms) %s', (_, idleMs, outcome) => {
    const storage = new FakeStorage();
    const before = openPage(storage);
    const first = before.next();
    clock += 5 * minutes;
    before.leave?.();
    clock = start + idleMs;
    expect(openPage(storage).next()).toEqual(outcome === 'goes on' ? { ...first, seq: 2 } : another(first));
  });

  it('is as if there had been one page all the time', () => {
    const kind = fc.constantFrom('pause', 'event', 'forget', 'reload', 'visit');
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, fc.nat(45 * minutes)), { maxLength: 40 }), (steps) => {
        clock = start;
        const storage = new FakeStorage();
        const newId = createIds();
        const model = memorySession(createIds(), now);
        let page = openPage(storage, newId);
        const track = (session: Session) => expect(session.next()).toEqual(model.next());
        const take = {
          pause(ms: number) {
            clock += ms;
          },
          event: () => track(page),
          forget() {
            page.forget();
            model.forget();
          },
          reload() {
            page.leave?.();
            page = openPage(storage, newId);
          },
          /** To another page of the tab and back, while this one is in the back/forward cache. */
          visit(size: number) {
            // A session that began on the other page would not be this one's.
            track(page);
            page.leave?.();
            const other = openPage(storage, newId);
            for (let event = size % 4; event > 0; event -= 1) track(other);
            other.leave?.();
            page.enter?.();
          },
        };
        for (const [step, size] of steps) {
          take[step](size);
          expect(storage.items.size).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is stored', () => {
  it('is the id, the number and the end of the session, and only between two pages', () => {
    const storage = new FakeStorage();
    const before = openPage(storage);
    const { sessionId } = before.next();
    expect(storage.items.size).toBe(0);
    before.leave?.();
    expect([...storage.items]).toEqual([['signals.session', `${sessionId} 1 ${start + 30 * minutes}`]]);
    openPage(storage);
    expect(storage.items.size).toBe(0);
  });

  it('is nothing where there was no event', () => {
    const storage = new FakeStorage();
    openPage(storage).leave?.();
    expect(storage.items.size).toBe(0);
  });

  it.each<[string, (tracker: Tracker) => void, number]>([
    ['what is allowed', () => {}, 1],
    ['nothing when consent was withdrawn', (tracker) => tracker.setConsent('denied'), 0],
    ['nothing when consent is to be asked for again', (tracker) => tracker.setConsent('pending'), 0],
    ['nothing when somebody has signed out', (tracker) => tracker.setUser(null), 0],
  ])('by a tracker is %s', (_, change, items) => {
    const storage = new FakeStorage();
    const page = createFakePage({ fetch: () => new Promise(() => {}) });
    const tracker: Tracker<TrackedUser, AnyTrack> = createTracker(
      {
        endpoint: '/graphql',
        appName: 'web',
        user: { id: 'u-1' },
        consent: 'granted',
        session: (newId, ticking) => tabSession(newId, ticking, () => storage),
      },
      page.platform,
    );
    tracker.track('clicked');
    change(tracker);
    page.leave({ persisted: false });
    expect(storage.items.size).toBe(items);
  });

  it('by a tracker is taken out again when the page is back from the back/forward cache', () => {
    const storage = new FakeStorage();
    const page = createFakePage({ fetch: () => new Promise(() => {}) });
    const tracker: Tracker<TrackedUser, AnyTrack> = createTracker(
      {
        endpoint: '/graphql',
        appName: 'web',
        user: { id: 'u-1' },
        consent: 'granted',
        session: (newId, ticking) => tabSession(newId, ticking, () => storage),
      },
      page.platform,
    );
    tracker.track('clicked');
    page.leave({ persisted: true });
    expect(storage.items.size).toBe(1);
    page.comeBack();
    expect(storage.items.size).toBe(0);
  });

  it('counts what is tracked after our own farewell, so that the next page gives no number twice', () => {
    const storage = new FakeStorage();
    const page = openPage(storage);
    page.next();
    page.leave?.();
    const last = page.next();
    expect(openPage(storage).next()).toEqual({ sessionId: last.sessionId, seq: 3 });
  });

  it('is not touched by a page that is back from the back/forward cache', () => {
    const storage = new FakeStorage();
    const page = openPage(storage);
    page.next();
    page.leave?.();
    page.enter?.();
    page.next();
    expect(storage.items.size).toBe(0);
  });

  it('is nothing to somebody else who signs in on the next page', () => {
    const storage = new FakeStorage();
    const before = openPage(storage);
    const first = before.next();
    before.leave?.();
    let session: Session | undefined;
    const tracker: Tracker<TrackedUser, AnyTrack> = createTracker(
      {
        endpoint: '/graphql',
        appName: 'web',
        user: null,
        consent: 'granted',
        session: () => (session = openPage(storage)),
      },
      createFakePage({ fetch: () => new Promise(() => {}) }).platform,
    );
    tracker.setUser({ id: 'u-2' });
    expect(session?.next()).toEqual(another(first));
  });

  it('is nothing when the page crashed', () => {
    const storage = new FakeStorage();
    const before = openPage(storage);
    const first = before.next();
    before.leave?.();
    openPage(storage).next();
    expect(openPage(storage).next()).toEqual(another(first));
  });

  it('is nothing of a session that was forgotten, before it is left or after', () => {
    const storage = new FakeStorage();
    const session = openPage(storage);
    session.next();
    session.leave?.();
    session.forget();
    expect(storage.items.size).toBe(0);
    session.leave?.();
    expect(storage.items.size).toBe(0);
  });
});

describe('a copied tab', () => {
  /** A page that has its session from the page before, and what a copy of its tab would have. */
  function reloaded() {
    const storage = new FakeStorage();
    const before = openPage(storage);
    const first = before.next();
    before.leave?.();
    return { first, storage, original: openPage(storage) };
  }

  it('finds nothing and has a session of its own, and the original goes on with its own', () => {
    const { first, storage, original } = reloaded();
    const copied = storage.copy();
    expect(copied.items.size).toBe(0);
    const copy = openPage(copied);
    const own = copy.next();
    expect(own).toEqual(another(first));
    expect(original.next()).toEqual({ ...first, seq: 2 });
    original.leave?.();
    copy.leave?.();
    expect(openPage(copied).next()).toEqual({ ...own, seq: 2 });
    expect(openPage(storage).next()).toEqual({ ...first, seq: 3 });
  });

  it('finds nothing either when the original is back from the back/forward cache', () => {
    const { first, storage, original } = reloaded();
    original.leave?.();
    original.enter?.();
    expect(openPage(storage.copy()).next()).toEqual(another(first));
    expect(original.next()).toEqual({ ...first, seq: 2 });
  });
});

describe('around the back/forward cache', () => {
  it('goes on counting where later pages of the tab have stopped, for as long as these went on', () => {
    const storage = new FakeStorage();
    const cached = openPage(storage);
    const first = cached.next();
    cached.leave?.();
    clock += 20 * minutes;
    const later = openPage(storage);
    later.next();
    later.next();
    later.leave?.();
    clock += 20 * minutes;
    cached.enter?.();
    expect(cached.next()).toEqual({ ...first, seq: 4 });
  });

  it('goes on alone when nothing might be stored', () => {
    const storage = new FakeStorage();
    const cached = openPage(storage);
    const first = cached.next();
    cached.enter?.();
    expect(cached.next()).toEqual({ ...first, seq: 2 });
  });

  it('keeps its own session when a later page had another, which is nobody’s then', () => {
    const storage = new FakeStorage();
    const cached = openPage(storage);
    const first = cached.next();
    cached.leave?.();
    const later = openPage(storage);
    later.forget();
    for (let event = 0; event < 5; event += 1) later.next();
    later.leave?.();
    cached.enter?.();
    expect(storage.items.size).toBe(0);
    expect(cached.next()).toEqual({ ...first, seq: 2 });
  });

  it('takes over nothing where it has had no session itself', () => {
    const storage = new FakeStorage();
    const cached = openPage(storage);
    cached.leave?.();
    const later = openPage(storage);
    const other = later.next();
    later.leave?.();
    cached.enter?.();
    expect(cached.next()).toEqual(another(other));
  });
});

describe('a storage that does not work', () => {
  const fail = () => {
    throw new DOMException('no', 'QuotaExceededError');
  };
  const stored = (value: string) => new FakeStorage(new Map([['signals.session', value]]));
  const broken = (method: keyof TabStorage) => () =>
    Object.assign(stored(`${nextId()} 7 ${start + minutes}`), { [method]: fail });

  it.each<[string, () => TabStorage]>([
    ['reading window.sessionStorage throws', fail],
    ['reading throws', broken('getItem')],
    // Else a copy of the tab could find what this page has.
    ['nothing can be taken out', broken('removeItem')],
  ])('means a session in memory when %s', (_, storage) => {
    const session = tabSession(nextId, now, storage);
    const first = session.next();
    expect(first.seq).toBe(1);
    session.leave?.();
    session.enter?.();
    expect(session.next()).toEqual({ ...first, seq: 2 });
    session.forget();
    expect(session.next()).toEqual(another(first));
  });

  it('means a session in memory when it is full', () => {
    const full = Object.assign(new FakeStorage(), { setItem: fail });
    const session = openPage(full);
    const first = session.next();
    session.leave?.();
    session.enter?.();
    expect(session.next()).toEqual({ ...first, seq: 2 });
    expect(openPage(full).next()).toEqual(another(first));
  });

  it('means a session in memory where there is none', () => {
    vi.stubGlobal('sessionStorage', undefined);
    const session = tabSession(nextId, now);
    const first = session.next();
    session.leave?.();
    expect(session.next()).toEqual({ ...first, seq: 2 });
  });

  const end = start + minutes;
  it.each([
    '',
    'null',
    '{}',
    `an-id 1 ${end}`,
    `${'g'.repeat(36)} 1 ${end}`,
    `${'0'.repeat(35)} 1 ${end}`,
    `x${'0'.repeat(36)} 1 ${end}`,
    `${'0'.repeat(36)} x ${end}`,
    `${'0'.repeat(36)} -1 ${end}`,
    `${'0'.repeat(36)} 1`,
    `${'0'.repeat(36)} 1 ${end} 3`,
    `${'0'.repeat(36)} ${end} 1 `,
  ])('means a new session when it holds %j', (nonsense) => {
    const storage = stored(nonsense);
    expect(openPage(storage).next()).toEqual({
      sessionId: expect.stringMatching(/^00000000-0000-7/),
      seq: 1,
    });
    expect(storage.items.size).toBe(0);
  });
});

it('tabSession finds the page’s own sessionStorage', () => {
  const storage = new FakeStorage();
  vi.stubGlobal('sessionStorage', storage);
  const before = tabSession(nextId, now);
  const first = before.next();
  before.leave?.();
  expect(storage.items.size).toBe(1);
  expect(tabSession(nextId, now).next()).toEqual({ ...first, seq: 2 });
});

it('noSession has neither an id nor a number', () => {
  const session = noSession();
  expect(session.next()).toStrictEqual({});
  session.forget();
  expect(session.next()).toStrictEqual({});
});
