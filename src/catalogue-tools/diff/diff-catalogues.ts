import type { PrintableCatalogue } from '../../catalogue/parse-catalogue.js';
import { type CatalogueChange, reportInto, reportTexts } from './change.js';
import { diffEntityTypes } from './diff-entity-types.js';
import { diffEventTypes } from './diff-event-types.js';

/**
 * Every change between two catalogues, in the order of the file's sections; none where they say the same (their
 * examples aside, which decide nothing). Judged
 * for a client that was built against `old`, which sends to a server with `next` (see `ChangeLevel`); who
 * generates types again is told by the compiler. Errs on the side of `incompatible` where it cannot know: no
 * pattern is ever taken for wider than another.
 */
export function diffCatalogues(old: PrintableCatalogue, next: PrintableCatalogue): CatalogueChange[] {
  return [...diffApps(old, next), ...diffEntityTypes(old, next), ...diffEventTypes(old, next)];
}

/** Whether such a client goes on working, and nobody has to look at privacy first. */
export function isCompatible(changes: readonly CatalogueChange[]): boolean {
  return changes.every(({ level }) => level !== 'incompatible' && level !== 'privacy');
}

function diffApps(old: PrintableCatalogue, next: PrintableCatalogue): CatalogueChange[] {
  const changes: CatalogueChange[] = [];
  for (const app of old.apps.values()) {
    const report = reportInto(changes, { app: app.name });
    const path = ['apps', app.name];
    const now = next.apps.get(app.name);
    if (now === undefined) {
      report('incompatible', 'app_removed', path, 'the app was removed: its events are refused');
      continue;
    }
    reportTexts({ old: app, next: now, path, report }, ['description', 'owner']);
  }
  for (const { name } of next.apps.values()) {
    if (old.apps.has(name)) continue;
    reportInto(changes, { app: name })('compatible', 'app_added', ['apps', name], 'the app was added');
  }
  return changes;
}
