import type { SaltDay } from '../reading/plan.js';

/** What may stay of a day whose events are forgotten. */
export interface ForgettingRules {
  /** Groups of fewer visitors keep no name in the totals of a day. 1: every group does. */
  readonly minGroup: number;
  /** By entity type, the first salt day of which each entity's totals are kept. Types that are not named keep none. */
  readonly totalsKeptFrom: ReadonlyMap<string, string>;
}

/** Something that the purge has to forget, by the day on which it lies. */
export interface OldestRemains {
  /** When the oldest event was created. */
  readonly event: Date | null;
  /** The oldest salt day with counts that may still change. */
  readonly counts: string | null;
}

/** Forgets events, by whole salt days. Whatever keeps events has one of these, and the purge goes over all of them. */
export interface EventRetention {
  /** How many events were created before the instant, which is the beginning of a day. */
  countBefore(dayStart: Date): Promise<number>;
  /** What is left of days before this one that has to be forgotten. */
  oldestBefore(day: Pick<SaltDay, 'day' | 'start'>): Promise<OldestRemains>;
  /**
   * Forgets a salt day that is over. The first call seals it in one transaction: its counts are made true and final,
   * small groups lose their names, what tells visitors apart goes, and nothing of that day or an earlier one is stored
   * any more (`TOO_OLD`). Every call deletes at most `limit` events, oldest first, and answers how many: fewer than
   * `limit` where the day is forgotten. Interrupted anywhere, the next call goes on.
   */
  forgetDay(day: SaltDay, limit: number, rules: ForgettingRules): Promise<number>;
  /** Deletes the totals of entities of forgotten days before this one that the rules do not keep; answers how many. */
  forgetTotals(day: string, rules: ForgettingRules): Promise<number>;
  /**
   * Deletes what only forgotten events needed, such as combinations of words that no event refers to any more; answers
   * how many rows. Safe while events are appended: what a writer may still rely on stays.
   */
  cleanUp(): Promise<number>;
}
