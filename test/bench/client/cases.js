import { createTracker } from 'signals-client';
import { createOfflineStore } from 'signals-client/offline';
import { tabSession } from 'signals-client/session';

const options = {
  endpoint: '/graphql',
  appName: 'journeys-admin',
  appVersion: '2026.11.0',
  user: { id: 'u-1' },
  consent: 'granted',
  token: () => 'a.b.c',
};

const entity = { type: 'Journey', id: '0b5c7a8e-4c1f-4c56-9a39-0f0c6a1f2d3e' };
const five = { source: 'template', step: 3, isFirst: true, locale: 'en-GB', durationMs: 1_234 };
/** 2 KB as JSON. */
const large = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field${index}`, 'x'.repeat(88)]));

const plain = (tracker) => tracker.track('journey_create_clicked');
export const usual = (tracker) =>
  tracker.track('journey_published', { properties: { ...five }, entity, route: '/journeys/[id]/edit' });
const heavy = (tracker) =>
  tracker.track('journey_published', { properties: { ...large }, entity, route: '/journeys/[id]/edit' });

/** Whose requests are never answered and never given up. */
const unanswered = { fetch: () => new Promise(() => {}), timeoutMs: 3_600_000 };

/** A tracker that sends nothing while it is measured. */
export const quiet = () => createTracker({ ...options, ...unanswered });

/** The next task, with all that is due in between: timers, answers, rendering. */
export const nextTask = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Events of one kind on a tracker that is answered: every one must have been stored in the end. */
const sending = (track, more) => (given) => {
  const tracker = createTracker({ ...options, ...more?.(), ...given });
  return {
    call: () => track(tracker),
    // On a machine that is busy with other things the answers come late: no event is to be dropped for that.
    async before() {
      while (tracker.stats().queued > 500) await nextTask();
    },
    flush: () => tracker.flush({ timeoutMs: 60_000 }),
    async end() {
      await tracker.close({ timeoutMs: 60_000 });
      const { tracked, restored = 0, accepted } = tracker.stats();
      return { tracked: tracked + restored, accepted };
    },
  };
};

/** Each makes what is called. `isDue` says which calls of a burst are timed, `before` is waited for before each burst. */
export const cases = {
  clock: () => ({ call() {} }),
  /** What nobody who makes such an event can do without. */
  baseline() {
    const queue = [];
    const random = new Uint8Array(16);
    const event = {
      ...{ appName: options.appName, appVersion: options.appVersion, source: 'web', host: location.host },
      ...{ eventType: 'journey_published', clientEventId: crypto.randomUUID(), route: '/journeys/[id]/edit' },
      ...{ entityType: entity.type, entityId: entity.id, sessionId: crypto.randomUUID(), seq: 1 },
      ...{ occurredAt: new Date().toISOString(), properties: five },
    };
    return {
      call() {
        crypto.getRandomValues(random);
        if (queue.push(JSON.stringify(event)) > 1_000) queue.length = 0;
      },
    };
  },
  plain: sending(plain),
  usual: sending(usual),
  large: sending(heavy),
  stored: sending(usual, () => ({ session: tabSession, offline: createOfflineStore() })),
  denied() {
    const tracker = createTracker({ ...options, consent: 'denied' });
    return { call: () => usual(tracker) };
  },
  full() {
    const tracker = quiet();
    for (let index = 0; index < 1_100; index++) usual(tracker);
    return { call: () => usual(tracker) };
  },
  /** The call that makes the tenth event of an empty queue, and with it the timer that sends. */
  tenth() {
    const { call, end, flush } = sending(usual)();
    return { call, end, before: flush, isDue: (index) => index === 9 };
  },
};
