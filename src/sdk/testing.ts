import { attempt } from '../client/attempt.js';
import { serialiseEvent } from '../client/serialise.js';
import { gateState, isHeld } from './gate.js';
import type { Consent, TrackedUser, TrackerOptions } from './options.js';
import type { Globals } from './platform.js';
import type { AnyTrack, RegisteredTrack, TrackDetails } from './track.js';
import type { Tracker } from './tracker-api.js';

/** An event as the app tracked it: the event type, and the details that it gave. */
export interface TestEvent extends TrackDetails {
  readonly eventType: string;
}

export interface TestTrackerOptions<User extends TrackedUser = TrackedUser> {
  /** As of `createTracker`. Default: somebody is signed in. */
  readonly user?: User | null | undefined;
  /** As of `createTracker`. Default `granted`. */
  readonly consent?: Consent | (() => Consent) | undefined;
  readonly whileUserLoading?: TrackerOptions['whileUserLoading'];
}

export interface TestTracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack>
  extends Tracker<User, Track> {
  /**
   * What would have been sent, in order. Events that wait for the user or for consent come when they may be sent; what
   * is dropped is in `stats().dropped`.
   */
  readonly events: readonly TestEvent[];
  /** Forgets the events and the counts, also what waits, as for a next test. User and consent stay. */
  clear(): void;
}

/**
 * A tracker for an app's own tests: it keeps in memory what the app tracks. No network, no timer, no DOM; an event is
 * in `events` when `track` returns.
 *
 * ```ts
 * const tracker = createTestTracker();
 * render(<TrackerProvider tracker={tracker}><Journeys /></TrackerProvider>);
 * await user.click(screen.getByRole('button'));
 * expect(tracker.events).toEqual([{ eventType: 'journey_create_clicked' }]);
 * ```
 *
 * User and consent let events through as in `createTracker`, and the counts of `stats()` add up in the same way.
 * Everything that is let through is `accepted`: whether it fits the catalogue is a matter of its types and of the
 * server.
 */
export function createTestTracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack>(
  options: TestTrackerOptions<User> = {},
): TestTracker<User, Track> {
  const store = createEventList();
  let user: TrackedUser | null | undefined = 'user' in options ? options.user : { id: 'test-user' };
  // Somebody by default is nobody in particular: the first user that is told does not take over from another.
  let lastId = idOf(options.user);
  let consent = options.consent ?? 'granted';
  let isClosed = false;

  const gate = () => (isClosed ? 'closed' : gateState({ globals: aPage, consent, user, isInternal: false }));

  /** Lets through what waited, or drops it, as the gate is now. */
  function pass(): void {
    const state = gate();
    if (state === 'open') store.release();
    else if (!isHeld(state, options.whileUserLoading)) store.dropWaiting(state);
  }

  const track: AnyTrack = (eventType, details) => {
    store.add(eventType, details);
    pass();
  };

  return {
    events: store.events,
    track: track as Track,
    setUser(next) {
      const id = next === undefined ? lastId : idOf(next);
      if (lastId !== undefined && id !== lastId) store.dropWaiting('user_changed');
      user = next;
      lastId = id;
      pass();
    },
    setConsent(next) {
      consent = next;
      pass();
    },
    flush: () => Promise.resolve(),
    close() {
      if (!isClosed) store.dropWaiting('shutdown');
      isClosed = true;
      return Promise.resolve();
    },
    stats: () => ({ ...store.counts(), gate: gate() }),
    clear: store.clear,
  };
}

/** Events in memory: those that wait, those that were let through, and the counts of both. */
function createEventList() {
  const events: TestEvent[] = [];
  const waiting: TestEvent[] = [];
  let tracked = 0;
  let dropped: Record<string, number> = {};

  function drop(reason: string, count: number): void {
    if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
  }

  return {
    events,
    add(eventType: string, details: TrackDetails | undefined) {
      tracked += 1;
      const event = attempt(() => toEvent(eventType, details ?? {})) ?? 'unserialisable';
      if (typeof event === 'string') drop(event, 1);
      else waiting.push(event);
    },
    release() {
      events.push(...waiting.splice(0));
    },
    dropWaiting: (reason: string) => drop(reason, waiting.splice(0).length),
    counts: () => ({
      tracked,
      sent: events.length,
      accepted: events.length,
      duplicates: 0,
      dropped: { ...dropped },
      queued: waiting.length,
      inFlight: 0,
    }),
    clear() {
      events.length = 0;
      waiting.length = 0;
      tracked = 0;
      dropped = {};
    },
  };
}

/** A browser without any signal of its user's. */
const aPage: Globals = { window: { addEventListener() {} } };

const idOf = (user: TrackedUser | null | undefined) => user && String(user.id);

/** As JSON has it, so that nothing the app does to its objects later changes it. Throws what a getter throws. */
function toEvent(
  eventType: string,
  { eventVersion, route, entity, occurredAt, properties }: TrackDetails,
): TestEvent | 'too_large' {
  const said = { eventType, eventVersion, route, entity, properties };
  const serialised = serialiseEvent({ ...said, clientEventId: '', appName: '' });
  if (serialised === 'too_large') return serialised;
  const time = occurredAt?.toISOString();
  const { clientEventId: _id, appName: _app, ...event } = JSON.parse(serialised.json);
  return time === undefined ? event : { ...event, occurredAt: new Date(time) };
}
