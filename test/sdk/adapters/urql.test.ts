import { Client, cacheExchange, fetchExchange, mapExchange } from '@urql/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { urqlTransport } from '../../../src/sdk/urql.js';
import {
  deferred,
  type Gateway,
  recordingFetch,
  send,
  startGateway,
  trackRequest,
  verdicts,
} from './gateway.js';

describe('the urql transport and the client of the app', () => {
  let gateway: Gateway;

  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.close());

  const headers = { authorization: 'Bearer t-1', 'x-app': 'admin' };

  it.each([
    ['an object', { headers, credentials: 'include' as const }],
    ['a function', () => ({ headers, credentials: 'include' as const })],
  ])('keeps the fetch options of the client when they are %s', async (_, fetchOptions) => {
    const { calls, fetch } = recordingFetch();
    const client = new Client({ url: gateway.url, fetch, fetchOptions, exchanges: [fetchExchange] });
    const answer = send(urqlTransport(client), trackRequest({ keepalive: true }).request);
    const received = await gateway.next('TrackEvents');
    received.answer({ data: verdicts });
    await answer;
    expect(received.headers).toMatchObject(headers);
    expect(calls).toEqual([expect.objectContaining({ credentials: 'include', keepalive: true })]);
  });

  it('keeps what an exchange adds, and uses the fetch of the platform where the client has none', async () => {
    const auth = mapExchange({
      onOperation: (operation) => ({
        ...operation,
        context: { ...operation.context, fetchOptions: { headers } },
      }),
    });
    const client = new Client({ url: gateway.url, exchanges: [auth, fetchExchange] });
    const answer = send(urqlTransport(client), trackRequest().request);
    const received = await gateway.next('TrackEvents');
    received.answer({ data: verdicts });
    expect((await answer).data).toEqual(verdicts);
    expect(received.headers).toMatchObject(headers);
  });

  it('can be told from other operations by its context', async () => {
    const seen: unknown[] = [];
    const watch = mapExchange({
      onOperation: ({ context }) => {
        seen.push(context.signals);
      },
    });
    const client = new Client({ url: gateway.url, exchanges: [watch, fetchExchange] });
    const answer = send(urqlTransport(client), trackRequest().request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await answer;
    const renamed = client.mutation('mutation Rename { rename }', {}).toPromise();
    (await gateway.next('Rename')).answer({ data: { rename: true } });
    await renamed;
    expect(seen).toEqual([true, undefined]);
  });

  it('tells of the last attempt where an exchange makes several', async () => {
    let attempts = 0;
    const flaky: typeof fetch = (url, init) => {
      attempts += 1;
      return attempts === 1 ? fetch(url, init) : Promise.reject(new TypeError('offline'));
    };
    const again = mapExchange({
      onResult: (result) =>
        attempts === 1 ? client.executeRequestOperation(result.operation).toPromise() : result,
    });
    const client = new Client({ url: gateway.url, fetch: flaky, exchanges: [again, fetchExchange] });
    const answer = send(urqlTransport(client), trackRequest().request);
    (await gateway.next('TrackEvents')).answer('', 400);
    await expect(answer).rejects.toThrow('offline');
  });

  it('gives up when told so, however long an exchange keeps the operation', async () => {
    const { calls, fetch } = recordingFetch();
    const held = deferred();
    const hold = mapExchange({
      onOperation: async (operation) => {
        await held.promise;
        return operation;
      },
    });
    const client = new Client({ url: gateway.url, fetch, exchanges: [hold, fetchExchange] });
    const { request, abort } = trackRequest();
    const answer = send(urqlTransport(client), request);
    abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
    held.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    // What is let through late goes no further than a `fetch` that is aborted already.
    expect(calls).toEqual([expect.objectContaining({ signal: request.signal })]);
    expect(gateway.received).toEqual([]);
  });

  it('does not make a cached query go out again', async () => {
    const exchanges = [cacheExchange, fetchExchange];
    const client = new Client({ url: gateway.url, preferGetMethod: false, exchanges });
    const names: unknown[] = [];
    const first = deferred();
    const watching = client.query('query Name { me { name } }', {}).subscribe(({ data }) => {
      names.push(data);
      first.resolve();
    });
    const me = { me: { name: 'A', __typename: 'User' } };
    (await gateway.next('Name')).answer({ data: me });
    await first.promise;

    const answer = send(urqlTransport(client), trackRequest().request);
    const received = await gateway.next('TrackEvents');
    const trackEvents = { ...verdicts.trackEvents, __typename: 'TrackEventsPayload' };
    received.answer({ data: { trackEvents } });
    expect((await answer).data).toEqual({ trackEvents });
    // A mutation that shares a type with the query does make it go out again, as the second request for it.
    const renamed = client.mutation('mutation Rename { rename { name } }', {}).toPromise();
    (await gateway.next('Rename')).answer({ data: { rename: { name: 'B', __typename: 'User' } } });
    await renamed;
    (await gateway.next('Name')).answer({ data: me });
    expect(gateway.received.map(({ body }) => body.operationName)).toEqual([
      'Name',
      'TrackEvents',
      'Rename',
      'Name',
    ]);
    watching.unsubscribe();
  });
});
