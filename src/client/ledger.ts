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

/** How a problem is counted and told. */
export interface ReportDetails {
  /** How many events it befell. Default 1; 0: nothing happened. */
  readonly count?: number;
  /** By the app's or the user's own choice, which is nothing to tell `onError` about. */
  readonly isQuiet?: boolean;
  /** These events come again, so they are not counted as dropped. */
  readonly willRetry?: boolean;
  readonly place?: Place | undefined;
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
  /** Events were not stored: counts them, unless they come again, and tells `onError`. */
  report(reason: string, details?: ReportDetails): void;
}

type ErrorHandler = ((problem: TrackerProblem) => unknown) | undefined;

export function createLedger(onError: ErrorHandler): Ledger {
  const counts: Ledger['counts'] = { tracked: 0, sent: 0, accepted: 0, duplicates: 0, dropped: {} };
  const tell = createBurstTeller(onError);

  return {
    counts,
    report(reason, { count = 1, isQuiet = false, willRetry = false, place } = {}) {
      if (count === 0) return;
      if (!willRetry) counts.dropped[reason] = (counts.dropped[reason] ?? 0) + count;
      if (!isQuiet) tell({ reason, count, willRetry, ...place });
    },
  };
}

/** Adds up problems that differ in nothing but their count, until the current stack is done, and tells them once. */
function createBurstTeller(onError: ErrorHandler): (problem: TrackerProblem) => void {
  const burst = new Map<string, TrackerProblem>();

  return (problem) => {
    const { reason, count, willRetry, field, rule } = problem;
    const key = JSON.stringify([reason, willRetry, field, rule]);
    const earlier = burst.get(key);
    burst.set(key, { ...problem, count: count + (earlier?.count ?? 0) });
    if (earlier) return;
    queueMicrotask(() => {
      const total = burst.get(key);
      burst.delete(key);
      if (total) tellSafely(onError, total);
    });
  };
}

/** Neither a throw nor a rejected promise of the host's handler may come back to the host as a crash. */
export async function tellSafely<T>(listener: ((news: T) => unknown) | undefined, news: T): Promise<void> {
  try {
    await listener?.(news);
  } catch {
    // It is the host's own handler: there is nobody else to tell.
  }
}
