/** Counts of events since the tracker was made. */
export interface TrackerStats {
  /** Calls of `track`. Always `accepted + duplicates + (sum of dropped) + queued + inFlight`. */
  readonly tracked: number;
  /** Events handed to the network, every further attempt counted again. */
  readonly sent: number;
  /** Stored by the server, for the first time as far as this tracker knows. */
  readonly accepted: number;
  /** Stored before: an attempt whose answer was lost had come through. */
  readonly duplicates: number;
  /** Not stored, by reason: in capitals the server's word, in small letters ours. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly queued: number;
  readonly inFlight: number;
}

/** Where an event breaks a rule. */
export interface Place {
  /** A JSON pointer into the event, such as `/properties/language`. */
  readonly field?: string | undefined;
  /** One of the rules that docs/operations.md lists. */
  readonly rule?: string | undefined;
}

/** Something that went wrong, without any content of an event. */
export interface TrackerProblem extends Place {
  readonly reason: string;
  /** How many events it befell. */
  readonly count: number;
  /** False: these events are lost. */
  readonly willRetry: boolean;
}

/** Counts what happens to events and tells `onError` of trouble, off the caller's stack, a burst as one call. */
export interface Ledger {
  /** Whoever knows of a call, a request or an answer counts it here. */
  readonly counts: {
    tracked: number;
    sent: number;
    accepted: number;
    duplicates: number;
    /** With an offline store. */
    restored?: number;
    handedOver?: number;
    readonly dropped: Record<string, number>;
  };
  /**
   * So many events, by default one, were not stored: counts them, where they do not come again, and tells `onError`.
   * `quiet`: by the app's or the user's own choice, which is nothing to tell `onError` about.
   */
  report(reason: string, count?: number, quiet?: boolean, willRetry?: boolean, place?: Place): void;
}

export function createLedger(onError: ((problem: TrackerProblem) => unknown) | undefined): Ledger {
  const counts: Ledger['counts'] = { tracked: 0, sent: 0, accepted: 0, duplicates: 0, dropped: {} };
  /** Of this burst. */
  const problems: Record<string, TrackerProblem & { count: number }> = {};

  return {
    counts,
    report(reason, count = 1, quiet, willRetry = false, place) {
      if (!count) return;
      if (!willRetry) counts.dropped[reason] = (counts.dropped[reason] ?? 0) + count;
      if (quiet) return;
      const news = { reason, willRetry, ...place, count: 0 };
      const key = JSON.stringify(news);
      const problem = problems[key] ?? news;
      // The first of a burst tells for all of it.
      if (!problem.count) {
        problems[key] = problem;
        queueMicrotask(() => {
          delete problems[key];
          tellSafely(onError, problem);
        });
      }
      problem.count += count;
    },
  };
}

/** Neither a throw nor a rejected promise of the host's handler may come back to the host as a crash. */
export const tellSafely = <T>(listener: ((news: T) => unknown) | undefined, news: T): Promise<unknown> =>
  (async () => listener?.(news))().catch(() => {});
