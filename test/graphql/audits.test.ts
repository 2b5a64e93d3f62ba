import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open-store.js';
import { bearer, createTestApp, type TestApp } from '../support/app.js';
import { openTestStore } from '../support/database.js';

/**
 * What of the GraphQL over HTTP audits we do not follow, and nothing else may fail. All three are a MAY:
 * only POST is served, because a subgraph's callers are gateways and a link must not run anything.
 */
const exceptions: Readonly<Record<string, string>> = {
  '5A70': 'MAY accept application/x-www-form-urlencoded formatted GET requests',
  D6D5: 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  '6A70': 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
};

describe('GraphQL over HTTP', () => {
  let opened: OpenedStore;
  let app: TestApp;
  let headers: Record<string, string>;
  beforeAll(async () => {
    opened = await openTestStore();
    app = await createTestApp({ store: opened });
    headers = bearer(await app.token('user-1'));
  });
  afterAll(async () => {
    await app.close();
    await opened.store.close();
  });

  const audits = serverAudits({
    url: () => `${app.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  });

  it('has all its audits looked at', () => {
    expect(audits.length).toBeGreaterThanOrEqual(61);
    expect(audits.filter(({ id }) => id in exceptions).map(({ id, name }) => [id, name])).toEqual(
      Object.entries(exceptions).sort((a, b) => place(a[0]) - place(b[0])),
    );
  });
  const place = (id: string): number => audits.findIndex((audit) => audit.id === id);

  it.each(
    audits
      .filter(({ id }) => !(id in exceptions))
      .map((audit) => ({ id: audit.id, name: audit.name, audit })),
  )('$id: $name', async ({ audit }) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
  });
});
