/** Gives rows that an older version stored the form of today. */
export interface RowUpgrade {
  /** How many rows are still in the form of a version before November 2026. */
  countOldRows(): Promise<number>;
  /**
   * Gives at least one and about `limit` of them the form of today, in one transaction, all of a session together;
   * answers how many, 0 when none is left.
   */
  rewriteOldRows(limit: number): Promise<number>;
}
