import { createKeeper } from '../../../src/sdk/offline/keeper.js';
import { offlineKeeping } from '../../../src/sdk/offline-keeping.js';
import { createTracker } from '../../../src/sdk/tracker.js';
import { createFakePage } from '../../../test/sdk/fake-page.js';
import type { createDevice } from './device.js';
import type { createProfileStore } from './profile-store.js';
import type { UserDeps } from './user-deps.js';
import { appName, appVersion, drawWords } from './words.js';

/** A page of the app that a person has open. */
export interface Tab {
  track(): void;
  setOnline(on: boolean): void;
  leave(): void;
}

/** Makes the function that opens a person's tabs: the real client on a page of the test's, over one of the two doors. */
export function tabOpener(
  { person, network, random, habit }: UserDeps,
  device: ReturnType<typeof createDevice>,
  profile: ReturnType<typeof createProfileStore>,
  isOnline: () => boolean,
): () => Tab {
  const isRest = random.next() < 0.5;
  const options = {
    endpoint: isRest ? '/v1/events' : '/graphql',
    api: isRest ? ('rest' as const) : ('graphql' as const),
    appName,
    appVersion: habit?.appVersion ?? appVersion,
    token: 'held by the network',
    user: { id: person.name },
    consent: 'granted' as const,
    privacySignals: 'ignore' as const,
  };
  const send = (path: string, body: string) =>
    network.send({ person, path: path as '/graphql' | '/v1/events', body, whenAwake: device.whenAwake });

  return () => {
    const page = createFakePage({ fetch: () => Promise.reject(new Error('see below')), random: random.next });
    if (!isOnline()) page.goOffline();
    const tracker = createTracker(
      { ...options, offline: offlineKeeping((host) => createKeeper(profile(), host)) },
      {
        globals: page.platform.globals,
        later: device.later,
        now: device.now,
        monotonicNow: device.ticks,
        random: random.next,
        fetch: (path, { body }) =>
          isOnline() ? send(path, body) : Promise.reject(new TypeError('no network')),
      },
    );
    return {
      track() {
        const { eventType, route, entity, properties } = habit?.words(random) ?? drawWords(random);
        tracker.track(eventType as never, {
          route,
          ...(entity && { entity }),
          ...(properties && { properties }),
        });
      },
      setOnline(on) {
        if (on) page.goOnline();
        else page.goOffline();
      },
      leave: () => page.leave({ persisted: false }),
    };
  };
}
