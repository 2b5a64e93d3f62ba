import type { TrackEventInput } from '../../contract/index.js';
import type { Catalogue } from '../catalogue.js';
import type { DayOf } from '../day.js';
import type { Author, Origin, UserAgentBuckets } from '../event.js';
import type { WordBudget } from './word-budget.js';

/** What the user agent of a request tells, read once for all its events. */
export interface Visitor {
  readonly buckets: UserAgentBuckets;
  /** A digest of browser name, major version and system; empty without a user agent. */
  readonly userAgentDigest: string;
  readonly isBot: boolean;
}

/** What is the same for every event of one call. Lives left of `anonymise` only. */
export interface Call {
  readonly author: Author;
  readonly origin: Origin;
  readonly visitor: Visitor;
  /** The one instant that decides the day of arrival and the age of every event. */
  readonly receivedAt: Date;
  /** The client's clock when it sent the call; null where it did not say. */
  readonly sentAt: Date | null;
  readonly catalogue: Catalogue;
  readonly policy: IngestPolicy;
  readonly words: WordBudget;
  /** Makes an id for an event that came without one; null where that is not allowed. */
  readonly deriveClientEventId: ((input: TrackEventInput) => string) | null;
}

/** The operator's choices that steps ask for. */
export interface IngestPolicy {
  /** An event that happened longer ago than this is refused, unless its author may import history. */
  readonly maxAgeMs: number;
  readonly retentionDays: number;
  /** The day of an instant, in the zone whose midnight turns the salt. */
  readonly dayOf: DayOf;
  isInternal(author: Author): boolean;
}
