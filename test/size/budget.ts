/** What an application pays for an entry of the package, in bytes. */
export interface Size {
  readonly minified: number;
  /** Of the minified code, at level 9. */
  readonly gzip: number;
}

/** What it may cost at most, gzipped. A kilobyte is 1,000 bytes here, which is stricter than 1,024. */
export interface Budget {
  /** As in `exports` of the client's package.json. */
  readonly entry: string;
  readonly gzip: number;
}

/**
 * The number for the tracker has its reasons in docs/adr/0019. All are met with little room above them, so that growth
 * is a decision.
 */
export const budgets: readonly Budget[] = [
  { entry: '.', gzip: 5_800 },
  { entry: './offline', gzip: 3_300 },
  { entry: './apollo', gzip: 750 },
  { entry: './urql', gzip: 700 },
  { entry: './session', gzip: 600 },
  // For development and for tests: no page that is published loads them.
  // It says what each code of the server means, so it grows with them.
  { entry: './debug', gzip: 3_900 },
  { entry: './testing', gzip: 1_200 },
  { entry: './capture', gzip: 2_500 },
  // Without React; what they bring of the other entries is theirs.
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

/** `./core` is another name of `.`, and the tracker for Node is in no bundle for browsers. */
const exempt = new Set(['./core', './node', './package.json']);

/**
 * The entries for browsers that nobody has set a budget for: one that is added to package.json and not here
 * would grow unseen.
 */
export function withoutBudget(entries: readonly string[]): string[] {
  return entries.filter((entry) => !exempt.has(entry) && !budgets.some((budget) => budget.entry === entry));
}
