/** What group commit has to know of a row. */
export interface PreparedRow {
  /** Rows with the same id are the same row. */
  readonly id: string;
  /** Rows of different groups never share a statement. */
  readonly group: string;
  readonly bytes: number;
}
