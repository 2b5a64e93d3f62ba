const dayMs = 86_400_000;

/** Clocks outside of this are broken ones: a factory reset (1970), a wrong century. */
const earliest = Date.UTC(2026, 0, 1);
const latest = Date.UTC(2076, 0, 1);

export type RetentionCutoff =
  | { readonly ok: true; readonly cutoff: Date }
  | { readonly ok: false; readonly why: 'retention_out_of_range' | 'clock_out_of_range' };

/**
 * Events created before the cut-off have reached their age. Refuses to name one where a wrong setting or a
 * wrong clock would delete what must be kept: retention is a whole number of days from 1 to 3650.
 */
export function retentionCutoff(now: Date, retentionDays: number): RetentionCutoff {
  if (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > 3650) {
    return { ok: false, why: 'retention_out_of_range' };
  }
  const time = now.getTime();
  if (!(time >= earliest && time < latest)) return { ok: false, why: 'clock_out_of_range' };
  return { ok: true, cutoff: new Date(time - retentionDays * dayMs) };
}
