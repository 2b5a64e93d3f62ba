import { otherWord } from '../../../contract/index.js';
import { dimensionKey } from '../../dimension-key.js';
import type { OtherWord } from '../checked-event.js';
import { dimensionsOf, type EventWords } from '../dimensions.js';
import type { Step } from '../pipeline.js';

/** The words that a client can make up. */
type FreeWords = Pick<EventWords, OtherWord>;

/** Channels that everybody uses: they stay what they are, since no client can fill a table with them. */
const usualSources: ReadonlySet<string | null> = new Set([
  ...['web', 'mobile', 'desktop', 'tablet', 'ide', 'cli', 'server', 'api', 'import'],
]);

/**
 * Beyond an author's new combinations of the hour the words that a client can make up become `(other)`. The event
 * lives. Servers and importers speak for many visitors and are not bounded.
 */
export const boundWords: Step<EventWords, FreeWords & { otherWords: readonly OtherWord[] }> = {
  name: 'boundWords',
  run(event, call) {
    const { route, appVersion, source } = event;
    const { author, words } = call;
    const isFree = author.isService || author.mayBackfill;
    if (isFree || words.admits(author.subject, dimensionKey(dimensionsOf(event, call))))
      return { route, appVersion, source, otherWords: [] };
    const bounded: FreeWords = {
      route: route && otherWord,
      appVersion: appVersion && otherWord,
      source: usualSources.has(source) ? source : source && otherWord,
    };
    return { ...bounded, otherWords: otherWordNames.filter((name) => bounded[name] === otherWord) };
  },
};

const otherWordNames: readonly OtherWord[] = ['route', 'appVersion', 'source'];
