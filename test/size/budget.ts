/** What an application pays for an entry of the package, in bytes. */
export interface Size {
  readonly minified: number;
  /** Of the minified code, at level 9. */
  readonly gzip: number;
}

/** What it may cost at most, gzipped. A kilobyte is 1,000 bytes here, which is stricter than 1,024. */
export interface Budget {
  /** As in package.json's `exports`. */
  readonly entry: string;
  readonly gzip: number;
}

/**
 * The number for the tracker has its reasons in docs/adr/0019. All are met with little room above them, so that growth
 * is a decision.
 */
export const budgets: readonly Budget[] = [
  { entry: './sdk', gzip: 5_800 },
  { entry: './sdk/offline', gzip: 3_300 },
  { entry: './sdk/apollo', gzip: 750 },
  { entry: './sdk/urql', gzip: 700 },
  { entry: './sdk/session', gzip: 600 },
  // For development and for tests: no page that is published loads them.
  { entry: './sdk/debug', gzip: 3_800 },
  { entry: './sdk/testing', gzip: 1_200 },
  { entry: './sdk/capture', gzip: 2_500 },
  // Without React; what they bring of the SDK is theirs.
  { entry: './react', gzip: 700 },
  { entry: './react/capture', gzip: 2_800 },
];

export interface Verdict extends Size {
  readonly entry: string;
  readonly budget: number;
  readonly isOver: boolean;
}

/** Holds a size against its budget: the budget itself is still within it. */
export function judge(budget: Budget, size: Size): Verdict {
  return {
    entry: budget.entry,
    minified: size.minified,
    gzip: size.gzip,
    budget: budget.gzip,
    isOver: !(size.gzip <= budget.gzip),
  };
}

/**
 * The entries for browsers that nobody has set a budget for: one that is added to package.json and not here
 * would grow unseen. `.` is the tracker for Node, and no bundle.
 */
export function withoutBudget(entries: readonly string[]): string[] {
  return entries.filter(
    (entry) =>
      entry !== '.' && entry !== './package.json' && !budgets.some((budget) => budget.entry === entry),
  );
}
