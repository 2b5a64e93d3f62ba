/** A salt day with events, or fewer of them, since it was counted. */
export interface ChangedDay {
  /** `YYYY-MM-DD` in the zone of the salt. */
  readonly day: string;
  /** Null: it has never been counted. */
  readonly countedSecondsAgo: number | null;
}

/** Keeps the counts of whole salt days that statistics are answered from. An engine that counts nothing has no changed days. */
export interface ChangedDays {
  /**
   * Begins to count where nothing ever was: every day that has events is a changed one then. `OTHER_ZONE`: the days are
   * counted in another zone than ours, and none may be mixed in.
   */
  beginCounting(): Promise<'BEGUN' | 'GOES_ON' | 'OTHER_ZONE'>;
  /**
   * Makes every day a changed one, but for those whose raw rows are gone. Where the days were counted in another zone,
   * those counts go and ours is the zone from now on.
   */
  changeAllDays(): Promise<void>;
  /** Each once, oldest first. */
  changedDays(): Promise<readonly ChangedDay[]>;
  /**
   * Counts the whole day anew from its raw rows, in one transaction. `SEALED`: its raw rows are gone, and it stays as it
   * was counted. `BUSY`: somebody else counts it; it stays changed.
   */
  countDay(day: string): Promise<'COUNTED' | 'SEALED' | 'BUSY'>;
}
