import { useEffect, useState } from 'react';
import type { TrackerStats } from 'signals-client';
import { useTracker } from 'signals-client/react';

/** For learning, not for copying: what became of the events so far. */
export function TrackerStatus() {
  const tracker = useTracker();
  const [stats, setStats] = useState<TrackerStats | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setStats(tracker.stats()), 500);
    return () => clearInterval(timer);
  }, [tracker]);
  return stats && <pre>{JSON.stringify(stats, null, 2)}</pre>;
}
