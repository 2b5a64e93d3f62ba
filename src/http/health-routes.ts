import type { Readiness } from '../domain/ports/index.js';
import type { Metrics } from '../observability/metrics.js';
import { json } from './reply.js';
import type { Route } from './server.js';

export interface HealthOptions {
  readonly metrics: Metrics;
  /** Whether traffic may come, and else why not. */
  readonly readiness: () => Promise<Readiness>;
}

/**
 * `/livez` does no I/O: an outage of the database must not restart the service. `/readyz` asks the store and
 * says why not, in a code of a closed list and its sentence; where it is ready, `notices` holds what an operator should
 * know all the same. `/metrics` is Prometheus text.
 */
export function healthRoutes({ metrics, readiness }: HealthOptions): readonly Route[] {
  return [
    {
      path: '/livez',
      metric: 'livez',
      methods: ['GET', 'HEAD'],
      handle: async () => json(200, { status: 'ok' }),
    },
    {
      path: '/readyz',
      metric: 'readyz',
      methods: ['GET', 'HEAD'],
      handle: async () => {
        const { ready, reason = 'unknown', sentence, notices = [] } = await readiness();
        if (ready) return json(200, { status: 'ok', ...(notices.length > 0 && { notices }) });
        const why = sentence === undefined ? {} : { why: sentence };
        return json(503, { status: 'unavailable', reason, ...why }, { 'retry-after': '2' });
      },
    },
    {
      path: '/metrics',
      metric: 'metrics',
      methods: ['GET', 'HEAD'],
      handle: async () => ({ status: 200, body: await metrics.render(), contentType: metrics.contentType }),
    },
  ];
}
