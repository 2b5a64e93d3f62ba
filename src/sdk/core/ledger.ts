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

/** Something that went wrong, without any content of an event. */
export interface TrackerProblem {
  readonly reason: string;
  /** How many events it befell. */
  readonly count: number;
  /** False: these events are lost. */
  readonly willRetry: boolean;
}

/** Counts what happens to events and tells `onError` of trouble, off the caller's stack, a burst as one call. */
export interface Ledger {
  tracked(): void;
  sent(count: number): void;
  accepted(): void;
  duplicate(): void;
  /** `quiet`: by the app's or the user's own choice, which is nothing to tell `onError` about. */
  dropped(reason: string, count?: number, quiet?: boolean): void;
  retrying(reason: string): void;
  counts(): Omit<TrackerStats, 'queued' | 'inFlight'>;
}

export function createLedger(onError: ((problem: TrackerProblem) => unknown) | undefined): Ledger {
  const totals = { tracked: 0, sent: 0, accepted: 0, duplicates: 0 };
  const dropped = new Map<string, number>();
  const report = onError === undefined ? () => {} : createReporter(onError);
  return {
    tracked: () => {
      totals.tracked += 1;
    },
    sent: (count) => {
      totals.sent += count;
    },
    accepted: () => {
      totals.accepted += 1;
    },
    duplicate: () => {
      totals.duplicates += 1;
    },
    dropped(reason, count = 1, quiet = false) {
      if (count === 0) return;
      dropped.set(reason, (dropped.get(reason) ?? 0) + count);
      if (!quiet) report(reason, count, false);
    },
    retrying: (reason) => report(reason, 1, true),
    counts: () => ({ ...totals, dropped: Object.fromEntries(dropped) }),
  };
}

type Report = (reason: string, count: number, willRetry: boolean) => void;

function createReporter(onError: (problem: TrackerProblem) => unknown): Report {
  let pending = new Map<string, TrackerProblem>();
  const tell = () => {
    const problems = pending;
    pending = new Map();
    for (const problem of problems.values()) tellSafely(onError, problem);
  };
  return (reason, count, willRetry) => {
    if (pending.size === 0) queueMicrotask(tell);
    const key = `${reason} ${willRetry}`;
    pending.set(key, { reason, willRetry, count: count + (pending.get(key)?.count ?? 0) });
  };
}

/** Neither a throw nor a rejected promise of the host's handler may come back to the host as a crash. */
export function tellSafely<T>(listener: ((news: T) => unknown) | undefined, news: T): void {
  try {
    Promise.resolve(listener?.(news)).catch(() => {});
  } catch {
    // The handler is the place where the host would hear of it.
  }
}
