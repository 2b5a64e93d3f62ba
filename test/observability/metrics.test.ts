import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observability/metrics.js';

/** `name type` of everything that a scrape holds. */
async function scraped(): Promise<string[]> {
  const text = await createMetrics().render();
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`).sort();
}

/** What prom-client finds out on Linux only. */
const linuxOnly = /^process_(virtual_memory_bytes|heap_bytes|open_fds|max_fds) /;

/** Our own are a table of the docs, which a test holds. */
const ours = /^signals_/;

describe('the metrics of Node itself', () => {
  it('are these, by their names on the wire', async () => {
    const names = (await scraped()).filter((line) => !linuxOnly.test(line) && !ours.test(line));
    await expect(`${names.join('\n')}\n`).toMatchFileSnapshot('../golden/node-metrics.txt');
  });

  it('have the names that the usual dashboards ask for', async () => {
    const names = (await scraped()).map((line) => line.split(' ')[0]);
    // Each is a query of "NodeJS Application Dashboard" (grafana.com/dashboards/11159) or of a common alert.
    expect(names).toEqual(
      expect.arrayContaining([
        'process_cpu_user_seconds_total',
        'process_cpu_system_seconds_total',
        'process_start_time_seconds',
        'process_resident_memory_bytes',
        'nodejs_version_info',
        'nodejs_eventloop_lag_seconds',
        'nodejs_active_handles_total',
        'nodejs_active_requests_total',
        'nodejs_heap_size_total_bytes',
        'nodejs_heap_size_used_bytes',
        'nodejs_external_memory_bytes',
        'nodejs_heap_space_size_total_bytes',
        'nodejs_heap_space_size_used_bytes',
        'nodejs_heap_space_size_available_bytes',
        'nodejs_gc_duration_seconds',
      ]),
    );
    expect(names.filter((name) => /^signals_(nodejs|process)/.test(name ?? ''))).toEqual([]);
  });
});
