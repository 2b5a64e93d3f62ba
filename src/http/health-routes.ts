import type { Readiness } from '../domain/ports/index.js';
import type { Metrics } from '../observability/metrics.js';
import { json } from './reply.js';
import type { Route } from './server.js';

export interface HealthOptions {
  readonly metrics: Metrics;
  /** Every check that must pass before traffic may come; the first that fails says why. */
  readonly checks: readonly (() => Promise<Readiness> | Readiness)[];
}

/**
 * `/livez` does no I/O: an outage of the database must not restart the service. `/readyz` asks the store and
 * says why not, in a word of a closed list; where it is ready, `notices` holds what an operator should know all the
 * same. `/metrics` is Prometheus text.
 */
export function healthRoutes({ metrics, checks }: HealthOptions): readonly Route[] {
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
        const notices: string[] = [];
        for (const check of checks) {
          const { ready, reason } = await check();
          if (!ready)
            return json(503, { status: 'unavailable', reason: reason ?? 'unknown' }, { 'retry-after': '2' });
          if (reason !== undefined) notices.push(reason);
        }
        return json(200, { status: 'ok', ...(notices.length > 0 && { notices }) });
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
