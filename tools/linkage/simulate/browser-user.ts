import { createKeeper } from '../../../src/sdk/offline/keeper.js';
import { offlineKeeping } from '../../../src/sdk/offline-keeping.js';
import { createTracker } from '../../../src/sdk/tracker.js';
import { createFakePage } from '../../../test/sdk/fake-page.js';
import { createDevice } from './device.js';
import type { Habit } from './habit.js';
import type { Network } from './network.js';
import type { Person } from './people.js';
import type { Deed } from './plan.js';
import { createProfileStore } from './profile-store.js';
import type { Random } from './random.js';
import type { Timeline } from './timeline.js';
import { appName, appVersion, drawWords } from './words.js';

export interface UserDeps {
  readonly person: Person;
  readonly timeline: Timeline;
  readonly network: Network;
  readonly random: Random;
  readonly habit?: Habit | undefined;
}

/** Does what the plan says; answers nothing. */
export type Doer = (deed: Deed) => void;

interface Tab {
  track(): void;
  setOnline(on: boolean): void;
  leave(): void;
}

/** A person with the real browser client: one profile with an offline store, one tab or two. */
export function createBrowserUser({ person, timeline, network, random, habit }: UserDeps): Doer {
  const device = createDevice(timeline, person.clockErrorMs);
  const profile = createProfileStore((run) => void device.later(run, 1));
  const isRest = random.next() < 0.5;
  let isOnline = true;

  function openTab(): Tab {
    const page = createFakePage({ fetch: () => Promise.reject(new Error('see below')), random: random.next });
    const { globals } = page.platform;
    if (!isOnline) page.goOffline();
    const tracker = createTracker(
      {
        endpoint: isRest ? '/v1/events' : '/graphql',
        api: isRest ? 'rest' : 'graphql',
        appName,
        appVersion: habit?.appVersion ?? appVersion,
        token: 'held by the network',
        user: { id: person.name },
        consent: 'granted',
        privacySignals: 'ignore',
        offline: offlineKeeping((host) => createKeeper(profile(), host)),
      },
      {
        globals,
        later: device.later,
        now: device.now,
        monotonicNow: device.ticks,
        random: random.next,
        fetch: (path, { body }) =>
          isOnline
            ? network.send({
                person,
                path: path as '/graphql' | '/v1/events',
                body,
                whenAwake: device.whenAwake,
              })
            : Promise.reject(new TypeError('no network')),
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
  }

  let first = openTab();
  let second: Tab | null = null;
  const setOnline = (on: boolean): void => {
    isOnline = on;
    first.setOnline(on);
    second?.setOnline(on);
  };
  const deeds: Readonly<Record<Deed['do'], () => void>> = {
    track: () => first.track(),
    track_in_second_tab: () => second?.track(),
    close_lid: device.closeLid,
    open_lid: device.openLid,
    go_offline: () => setOnline(false),
    go_online: () => setOnline(true),
    new_page() {
      first.leave();
      first = openTab();
    },
    open_second_tab() {
      second ??= openTab();
    },
    close_second_tab() {
      second?.leave();
      second = null;
    },
  };
  return (deed) => {
    if (!device.asleep() || deed.do === 'open_lid') deeds[deed.do]();
  };
}
