import type { EventDimension } from '../../../contract/index.js';

/** Words that get a slice of their own within an app, and within an app and event type. */
export type SlicedWord = 'ROUTE' | 'DEVICE' | 'BROWSER' | 'OS' | 'APP_VERSION' | 'SOURCE';

/**
 * One slicing of a day in `stat_day`. `all` has neither app, type nor word; `within` says which of app and type a row
 * has besides its word.
 */
export interface Kind {
  /** As stored in `stat_day.kind` and `stat_set.kind`: never give a number another meaning. */
  readonly number: number;
  readonly within: readonly ('APP' | 'EVENT_TYPE')[];
  readonly word: SlicedWord | null;
}

/** The slices of a day. Adding one needs a number of its own and a rebuild (`npm run job -- rebuild`). */
export const kinds: readonly Kind[] = [
  { number: 0, within: [], word: null },
  { number: 1, within: ['APP'], word: null },
  { number: 2, within: ['APP', 'EVENT_TYPE'], word: null },
  { number: 3, within: ['APP'], word: 'ROUTE' },
  { number: 4, within: ['APP'], word: 'DEVICE' },
  { number: 5, within: ['APP'], word: 'BROWSER' },
  { number: 6, within: ['APP'], word: 'OS' },
  { number: 7, within: ['APP'], word: 'APP_VERSION' },
  { number: 8, within: ['APP'], word: 'SOURCE' },
  { number: 9, within: ['APP', 'EVENT_TYPE'], word: 'ROUTE' },
  { number: 10, within: ['APP', 'EVENT_TYPE'], word: 'DEVICE' },
  { number: 11, within: ['APP', 'EVENT_TYPE'], word: 'BROWSER' },
  { number: 12, within: ['APP', 'EVENT_TYPE'], word: 'OS' },
  { number: 13, within: ['APP', 'EVENT_TYPE'], word: 'APP_VERSION' },
  { number: 14, within: ['APP', 'EVENT_TYPE'], word: 'SOURCE' },
];

/** Bits of one bitmap of `stat_set`: more visitors than that are kept in several, all of the same length. */
export const chunkBits = 4_096;

/** Stands among the numbers of slices in `stat_state.overflow` where a day has more numeric properties than are kept. */
export const propertiesOverflow = -1;

/** The slices whose visitors are also kept as bitmaps, as long as raw rows are: app × one other word (numbers 2 to 8). */
export const setKinds: readonly Kind[] = kinds.filter(({ number }) => number >= 2 && number <= 8);

/** The column of `event_dimensions` that holds a word. */
export const wordColumns: Readonly<Record<Exclude<EventDimension, 'ENTITY'>, string>> = {
  APP: 'app_name',
  EVENT_TYPE: 'event_type',
  EVENT_VERSION: 'event_version',
  ROUTE: 'route',
  ENTITY_TYPE: 'entity_type',
  DEVICE: 'device_type',
  BROWSER: 'browser_family',
  OS: 'os_family',
  SOURCE: 'source',
  APP_VERSION: 'app_version',
};
