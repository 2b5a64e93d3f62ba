import { type Tab, tabOpener } from './browser-tab.js';
import { createDevice } from './device.js';
import type { Deed } from './plan.js';
import { createProfileStore } from './profile-store.js';
import type { UserDeps } from './user-deps.js';

/** Does what the plan says; answers nothing. */
export type Doer = (deed: Deed) => void;

/** A person with the real browser client: one profile with an offline store, one tab or two. */
export function createBrowserUser(deps: UserDeps): Doer {
  const device = createDevice(deps.timeline, deps.person.clockErrorMs);
  const profile = createProfileStore((run) => void device.later(run, 1));
  let isOnline = true;
  const openTab = tabOpener(deps, device, profile, () => isOnline);
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
