/** Forgets events. Whatever keeps events has one of these, and the purge goes over all of them. */
export interface EventRetention {
  /** How many events were created before the instant, which is the beginning of a day. */
  countBefore(dayStart: Date): Promise<number>;
  /** Deletes at most `limit` events created before the instant, oldest first, in one short transaction; answers how many. */
  deleteBefore(dayStart: Date, limit: number): Promise<number>;
  /**
   * Deletes what only forgotten events needed, such as combinations of words that no event refers to any more; answers
   * how many rows. Safe while events are appended: what a writer may still rely on stays.
   */
  cleanUp(): Promise<number>;
}
