/** What a terminal or a log file looks like to a progress display. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Progress {
  /** `done` of the total are settled. Writes only when it is time to. */
  update(done: number): void;
  /** Leaves the cursor on a fresh line. */
  end(): void;
}

const intervalMs = { terminal: 200, file: 10_000 } as const;

/**
 * Shows how far a replay is and when it will be through, by the speed so far: on a terminal one line that is
 * rewritten five times a second, elsewhere a line every ten seconds.
 */
export function createProgress(output: ProgressOutput, total: number, now: () => Date): Progress {
  const start = now().getTime();
  const isTerminal = output.isTTY === true;
  const interval = isTerminal ? intervalMs.terminal : intervalMs.file;
  let last = start;
  let shown = false;
  return {
    update(done) {
      const at = now().getTime();
      if (at - last < interval) return;
      last = at;
      shown = true;
      const text = describeProgress(done, total, at - start);
      output.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end() {
      if (shown && isTerminal) output.write('\r\u001b[K');
    },
  };
}

/** One line without an end, such as `34 % · 3,400 of 10,000 lines · 850 lines/s · about 8 s left`. */
export function describeProgress(done: number, total: number, elapsedMs: number): string {
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  const speed = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const left =
    speed > 0 ? `about ${describeDuration((total - done) / speed)} left` : 'time left not known yet';
  const count = (value: number) => Math.round(value).toLocaleString('en-GB');
  return `${percent} % · ${count(done)} of ${count(total)} lines · ${count(speed)} lines/s · ${left}`;
}

/** `8 s`, `3 min 05 s`, `2 h 04 min`. */
export function describeDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
