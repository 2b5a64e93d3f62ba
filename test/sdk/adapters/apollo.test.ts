import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from '@apollo/client/core';
import { SetContextLink } from '@apollo/client/link/context';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { RetryLink } from '@apollo/client/link/retry';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apolloTransport } from '../../../src/sdk/apollo.js';
import {
  deferred,
  type Gateway,
  recordingFetch,
  send,
  startGateway,
  trackRequest,
  verdicts,
} from './gateway.js';

/** Counts what changes the cache or makes it look at its watchers. */
class CountingCache extends InMemoryCache {
  touched = 0;
  override write(...given: Parameters<InMemoryCache['write']>) {
    this.touched += 1;
    return super.write(...given);
  }
  protected override broadcastWatches(...given: Parameters<InMemoryCache['broadcastWatches']>) {
    this.touched += 1;
    super.broadcastWatches(...given);
  }
}

describe('the apollo transport and the links of the app', () => {
  let gateway: Gateway;
  let http: HttpLink;

  beforeEach(async () => {
    gateway = await startGateway();
    http = new HttpLink({ uri: gateway.url });
  });
  afterEach(() => gateway.close());

  const clientOf = (link: ApolloLink) => new ApolloClient({ cache: new InMemoryCache(), link });

  it('has the headers of an asynchronous auth link and of the HTTP link', async () => {
    const auth = new SetContextLink(async () => ({ headers: { authorization: 'Bearer t-1' } }));
    const own = new HttpLink({ uri: gateway.url, headers: { 'x-app': 'admin' } });
    const answer = send(apolloTransport(clientOf(ApolloLink.from([auth, own]))), trackRequest().request);
    const received = await gateway.next('TrackEvents');
    received.answer({ data: verdicts });
    await answer;
    expect(received.headers).toMatchObject({ authorization: 'Bearer t-1', 'x-app': 'admin' });
  });

  it('keeps the fetch options of the HTTP link', async () => {
    const { calls, fetch } = recordingFetch();
    const own = new HttpLink({
      uri: gateway.url,
      fetch,
      credentials: 'include',
      fetchOptions: { mode: 'cors' },
    });
    const answer = send(apolloTransport(clientOf(own)), trackRequest({ keepalive: true }).request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await answer;
    expect(calls).toEqual([
      expect.objectContaining({ credentials: 'include', mode: 'cors', keepalive: true }),
    ]);
  });

  it('calls fetch on the stack of the caller', async () => {
    const { calls, fetch } = recordingFetch();
    const own = new HttpLink({ uri: gateway.url, fetch });
    const answer = send(apolloTransport(clientOf(own)), trackRequest().request);
    expect(calls).toHaveLength(1);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await answer;
  });

  it('uses the persisted queries of the app, always by the same hash', async () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const persisted = createPersistedQueryLink({ sha256 });
    const transport = apolloTransport(clientOf(persisted.concat(http)));
    const { request } = trackRequest();
    const seen: unknown[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = send(transport, request);
      const received = await gateway.next('TrackEvents');
      seen.push(received.body);
      received.answer({ data: verdicts });
      expect((await answer).data).toEqual(verdicts);
    }
    const sha256Hash = expect.stringMatching(/^[\da-f]{64}$/);
    expect(seen[0]).toMatchObject({ extensions: { persistedQuery: { sha256Hash } } });
    expect(seen[0]).not.toHaveProperty('query');
    expect(seen[1]).toEqual(seen[0]);
  });

  it('goes through a retry link like any other operation', async () => {
    const retry = new RetryLink({ delay: { initial: 1 } });
    const answer = send(apolloTransport(clientOf(retry.concat(http))), trackRequest().request);
    (await gateway.next('TrackEvents')).answer('', 503);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    expect(await answer).toMatchObject({ data: verdicts, status: 200 });
  });

  it('passes a retry link by with a link of its own', async () => {
    const retry = new RetryLink({ delay: { initial: 1 } });
    const transport = apolloTransport(clientOf(retry.concat(http)), { link: http });
    const answer = send(transport, trackRequest().request);
    (await gateway.next('TrackEvents')).answer('', 503);
    expect(await answer).toMatchObject({ status: 503 });
    expect(gateway.received).toHaveLength(1);
  });

  it('can be told from other operations by its context, to pass a retry link by', async () => {
    const ours = ({ getContext }: ApolloLink.Operation) => getContext().signals === true;
    const retry = new RetryLink({ delay: { initial: 1 } });
    const link = ApolloLink.split(ours, http, retry.concat(http));
    const client = clientOf(link);
    const answer = send(apolloTransport(client), trackRequest().request);
    (await gateway.next('TrackEvents')).answer('', 503);
    expect(await answer).toMatchObject({ status: 503 });
    expect(gateway.received).toHaveLength(1);

    const renamed = client.mutate({ mutation: parse('mutation Rename { rename }') });
    (await gateway.next('Rename')).answer('', 503);
    (await gateway.next('Rename')).answer({ data: { rename: true } });
    expect((await renamed).data).toEqual({ rename: true });
  });

  it('does not go on when given up while an auth link waits for its token', async () => {
    const token = deferred();
    const auth = new SetContextLink(async () => {
      await token.promise;
      return { headers: { authorization: 'Bearer late' } };
    });
    const { calls, fetch } = recordingFetch();
    const own = new HttpLink({ uri: gateway.url, fetch });
    const { request, abort } = trackRequest();
    const answer = send(apolloTransport(clientOf(auth.concat(own))), request);
    abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
    token.resolve();
    // The link's own continuation is queued by now and runs before a later task.
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual([]);
  });

  it('uses the links that the client has at the time', async () => {
    const client = clientOf(ApolloLink.empty());
    const transport = apolloTransport(client);
    client.setLink(http);
    const answer = send(transport, trackRequest().request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    expect((await answer).data).toEqual(verdicts);
  });

  it('takes the answer of a link that does no HTTP, and tells it what fetch would be told', async () => {
    let context: unknown;
    const link = new ApolloLink(({ getContext }) => {
      context = getContext();
      return new Observable((observer) => observer.next({ data: verdicts }));
    });
    const { request } = trackRequest({ keepalive: true });
    const answer = await send(apolloTransport(clientOf(link)), request);
    expect(answer).toEqual({ data: verdicts, errors: undefined, status: 200, retryAfter: null });
    const fetchOptions = { keepalive: true, signal: request.signal, priority: 'low' };
    expect(context).toMatchObject({ signals: true, fetchOptions });
  });

  it('reads the errors of a refusal as version 3 hands them over', async () => {
    const errors = [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }];
    const error = Object.assign(new Error('Received status code 403'), {
      statusCode: 403,
      response: new Response(null, { status: 403, headers: { 'retry-after': '1' } }),
      result: { errors },
    });
    const link = new ApolloLink(() => new Observable<never>((observer) => observer.error(error)));
    const answer = await send(apolloTransport(clientOf(link)), trackRequest().request);
    expect(answer).toEqual({ data: undefined, errors, status: 403, retryAfter: '1' });
  });

  it.each([
    ['ends without an answer', () => new Observable<never>((observer) => observer.complete()), 'no answer'],
    [
      'fails on its own',
      () => new Observable<never>((observer) => observer.error(new Error('its own'))),
      'its own',
    ],
    [
      'throws',
      () => {
        throw new Error('thrown');
      },
      'thrown',
    ],
  ])('rejects when a link %s', async (_, handler, message) => {
    const transport = apolloTransport(clientOf(new ApolloLink(handler)));
    await expect(send(transport, trackRequest().request)).rejects.toThrow(message);
  });

  it('leaves the cache and those who watch it alone', async () => {
    const cache = new CountingCache();
    const client = new ApolloClient({ cache, link: http });
    const names: unknown[] = [];
    const first = deferred();
    const query = parse('query Name { name }');
    const watching = client.watchQuery<{ name: string }>({ query }).subscribe(({ data }) => {
      names.push(data);
      if (data?.name !== undefined) first.resolve();
    });
    (await gateway.next('Name')).answer({ data: { name: 'A' } });
    await first.promise;
    const before = { cache: cache.extract(), touched: cache.touched, names: [...names] };

    const { request, query: track, variables } = trackRequest();
    const answer = send(apolloTransport(client), request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await answer;
    expect({ cache: cache.extract(), touched: cache.touched, names }).toEqual(before);

    // What the transport avoids: the same operation as an ordinary mutation.
    const mutated = client.mutate({ mutation: parse(track), variables });
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await mutated;
    expect(cache.touched).toBeGreaterThan(before.touched);
    watching.unsubscribe();
  });
});
