/** One thing that was measured and fails nothing. */
export interface Figure {
  readonly what: string;
  readonly guesses: number;
  readonly hits: number;
  /** Hits of as many blind guesses. */
  readonly expected: number;
}

/** A heading and its figures; `note` stands below them. */
export interface Measurement {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}
