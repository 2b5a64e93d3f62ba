import { describe, expect, it } from 'vitest';
import { json } from '../../src/http/reply.js';
import { pathOfTarget } from '../../src/http/request-target.js';
import { createHttpServer } from '../../src/http/server.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { rawBytes } from '../hostile/client.js';
import { silent } from '../support/database.js';

describe('the path of a request target', () => {
  it.each([
    ['/metrics', '/metrics'],
    ['/metrics?a=b?c', '/metrics'],
    ['//graphql/metrics', '//graphql/metrics'],
    ['/graphql/../metrics', '/graphql/../metrics'],
    ['/%6detrics', '/%6detrics'],
    ['/metrics#a', '/metrics#a'],
    ['http://example.org/metrics', '/metrics'],
    ['HTTPS://example.org:8443/metrics?a=b', '/metrics'],
    ['http://example.org//graphql/metrics', '//graphql/metrics'],
    ['http://example.org', '/'],
    ['http://example.org?a', '/'],
    ['http:///metrics', '/metrics'],
    ['ftp://example.org/metrics', null],
    ['example.org:443', null],
    ['metrics', null],
    ['*', null],
    ['', null],
    [undefined, null],
  ])('of %j is %j', (target, path) => expect(pathOfTarget(target)).toBe(path));
});

it('a route is served under its own spelling and no other', async () => {
  const server = createHttpServer({
    log: silent,
    metrics: createMetrics(),
    now: () => new Date(),
    routes: [{ path: '/metrics', metric: 'metrics', methods: ['GET'], handle: async () => json(200, {}) }],
  });
  const url = await server.listen(0, '127.0.0.1');
  const status = async (target: string) => {
    const answer = await rawBytes(url, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
  };
  for (const target of ['/metrics', '/metrics?', '/metrics?a=/graphql', 'http://x/metrics']) {
    expect([target, await status(target)]).toEqual([target, '200']);
  }
  const others = [
    '//metrics',
    '//graphql/metrics',
    '/graphql/../metrics',
    '/graphql/%2e%2e/metrics',
    '/./metrics',
    '/%6detrics',
    '/METRICS',
    '/metrics/',
    '/metrics;a',
    '/metrics%00',
    '/\\metrics',
    'http://x//graphql/metrics',
    'http://x/graphql/../metrics',
    'ftp://x/metrics',
    '*',
  ];
  for (const target of others) expect([target, await status(target)]).toEqual([target, '404']);
  await server.close();
});
