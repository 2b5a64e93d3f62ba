// What tests drive in a page: `globalThis.host`. An app has one tracker; so has a page.
import { createTracker } from 'signals-client';
import { createOfflineStore } from 'signals-client/offline';
import { noSession, tabSession } from 'signals-client/session';

let tracker;
let type = 'editor_analytics_overlay_opened';
const problems = [];
const sessions = { tab: tabSession, none: noSession };

/** Puts `globalThis.host` up. `transport` is made once there is a token. */
export function drive({ transport, ...more } = {}) {
  globalThis.host = {
    start({ offline, session, token, eventType, ...options }) {
      type = eventType ?? type;
      tracker = createTracker({
        endpoint: '/graphql',
        appName: 'journeys-admin',
        onError: (problem) => problems.push(problem),
        // A client that the app has already knows who is signed in.
        ...(transport ? { fetch: transport({ token }) } : { token }),
        ...(offline && { offline: createOfflineStore() }),
        ...(session && { session: sessions[session] }),
        ...options,
      });
      // After the tracker's own listener: the last word of the page.
      addEventListener('pagehide', ({ persisted }) => {
        navigator.sendBeacon('/exit', JSON.stringify({ persisted, stats: tracker.stats() }));
      });
    },
    track(count, journey) {
      const details = { entity: { type: 'journey', id: journey }, route: '/journeys/[id]' };
      for (let made = 0; made < count; made += 1) tracker.track(type, details);
    },
    trackAs: (eventType, journey) => tracker.track(eventType, { entity: { type: 'journey', id: journey } }),
    problems: () => problems,
    /** Records of the offline store. */
    async kept() {
      const name = 'signals-offline';
      const there = await indexedDB.databases();
      // Opening would make it.
      if (!there.some((each) => each.name === name)) return 0;
      const db = await outcome(indexedDB.open(name));
      const count = await outcome(db.transaction('events').objectStore('events').count());
      db.close();
      return count;
    },
    stats: () => tracker.stats(),
    flush: () => tracker.flush(),
    close: (options) => tracker.close(options),
    setUser: (user) => tracker.setUser(user),
    setConsent: (consent) => tracker.setConsent(consent),
    ...more,
  };
}

function outcome(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The tracker of the page. */
export const theTracker = () => tracker;
