export interface GroupCommitLimits {
  /** Rows in one statement. 500 rows take about 10 ms; more of them gain little. */
  readonly maxRows: number;
  /** Bytes in one statement; a single call may exceed it, so that it stays whole. */
  readonly maxStatementBytes: number;
  /** Rows taken and not yet answered; beyond it: OVERLOADED. */
  readonly maxPending: number;
  readonly maxPendingBytes: number;
  /** Statements in flight at once. */
  readonly lanes: number;
}

export const groupCommitDefaults: GroupCommitLimits = {
  maxRows: 500,
  maxStatementBytes: 4_194_304,
  maxPending: 10_000,
  maxPendingBytes: 33_554_432,
  lanes: 1,
};
