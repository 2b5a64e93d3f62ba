import { percentile } from '../stats.js';
import type { LoadResult } from './jobs.js';

/** Counts answers of several connections, and measures those that come inside the measured time. */
export interface Meter {
  /** Whether another request may be sent. */
  readonly open: () => boolean;
  /** An answer that acknowledged `events`, to a request that was sent at `sentAt` (`performance.now()`). */
  answered(sentAt: number, events: number): void;
  refused(what: string): void;
  result(): LoadResult;
}

/** Starts the clock: first the ramp, then the measured time. */
export function startMeter(rampMs: number, measureMs: number): Meter {
  const from = performance.now() + rampMs;
  const until = from + measureMs;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const latencies: number[] = [];
  let measured = 0;
  let acknowledged = 0;
  let refused = 0;
  let firstRefusal: string | null = null;
  return {
    open: () => performance.now() < until,
    answered(sentAt, events) {
      const now = performance.now();
      acknowledged += events;
      if (now < from || now > until) return;
      measured += events;
      latencies.push(now - sentAt);
    },
    refused(what) {
      refused++;
      firstRefusal ??= what.slice(0, 300);
    },
    result() {
      const cpu = process.cpuUsage(cpuBefore);
      return {
        eventsPerSecond: measured / (measureMs / 1_000),
        p50: percentile(latencies, 50),
        p99: percentile(latencies, 99),
        acknowledged,
        refused,
        firstRefusal,
        clientCpu: (cpu.user + cpu.system) / 1_000 / (performance.now() - startedAt),
      };
    },
  };
}
