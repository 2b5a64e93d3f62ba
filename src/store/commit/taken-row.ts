import type { AppendVerdict } from '../../domain/ports/index.js';

/** One call of `append`. It ends with the last verdict of its rows. */
export interface Call {
  readonly verdicts: AppendVerdict[];
  /** Rows not answered yet. */
  left: number;
  readonly resolve: (verdicts: readonly AppendVerdict[]) => void;
}

/** A row that waits for its verdict. */
export interface Taken<Row> {
  readonly row: Row;
  readonly call: Call;
  /** Its place in the call. */
  readonly index: number;
}
