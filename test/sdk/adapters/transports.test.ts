import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { parse, print } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apolloTransport } from '../../../src/sdk/apollo.js';
import type { GraphqlTransport } from '../../../src/sdk/options.js';
import { urqlTransport } from '../../../src/sdk/urql.js';
import {
  type Gateway,
  recordingFetch,
  startGateway,
  trackEventsQuery,
  trackRequest,
  verdicts,
} from './gateway.js';

/** A client as an app makes it, with the app's own mutation. */
interface App {
  readonly transport: GraphqlTransport;
  /** Runs the mutation `Rename` of the app and answers with its data. */
  rename(): Promise<unknown>;
}

const rename = 'mutation Rename { rename }';

const apps: Record<string, (url: string, given: typeof fetch) => App> = {
  apollo(url, given) {
    const link = new HttpLink({ uri: url, fetch: given });
    const client = new ApolloClient({ cache: new InMemoryCache(), link });
    return {
      transport: apolloTransport(client),
      rename: async () => (await client.mutate({ mutation: parse(rename) })).data,
    };
  },
  urql(url, given) {
    const exchanges = [cacheExchange, fetchExchange];
    const client = new Client({ url, fetch: given, preferGetMethod: 'force', exchanges });
    return {
      transport: urqlTransport(client),
      rename: async () => (await client.mutation(rename, {}).toPromise()).data,
    };
  },
};

describe.each(Object.keys(apps))('the %s transport', (kind) => {
  let gateway: Gateway;
  let app: App;
  let calls: readonly Record<string, unknown>[];

  beforeEach(async () => {
    gateway = await startGateway();
    const recorder = recordingFetch();
    calls = recorder.calls;
    const open = apps[kind];
    if (open === undefined) throw new Error(`No app ${kind}.`);
    app = open(gateway.url, recorder.fetch);
  });
  afterEach(() => gateway.close());

  it('sends the operation of the tracker and hands back the verdicts', async () => {
    const answer = app.transport(trackRequest().request);
    const received = await gateway.next('TrackEvents');
    received.answer({ data: verdicts });
    expect(await answer).toEqual({
      data: verdicts,
      errors: undefined,
      status: undefined,
      retryAfterMs: null,
    });
    expect(received.body.variables).toEqual(trackRequest().request.variables);
    // Clients may ask for type names besides.
    const sent = print(parse(received.body.query)).replace(/\n *__typename/g, '');
    expect(sent).toBe(print(parse(trackEventsQuery)));
  });

  it.each([true, false])('tells fetch whether the page may be gone: keepalive %s', async (keepalive) => {
    const { request } = trackRequest({ keepalive });
    const answer = app.transport(request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await answer;
    expect(calls).toEqual([expect.objectContaining({ method: 'POST', keepalive, priority: 'low' })]);
  });

  it('tells status, wait and error codes of a refusal', async () => {
    const answer = app.transport(trackRequest().request);
    const body = { errors: [{ message: 'Slow down.', extensions: { code: 'RATE_LIMITED' } }] };
    (await gateway.next('TrackEvents')).answer(body, 429, { 'retry-after': '7' });
    const { status, retryAfterMs, errors, data } = await answer;
    expect({ status, retryAfterMs, data }).toEqual({ status: 429, retryAfterMs: 7000, data: undefined });
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'RATE_LIMITED' } })]);
  });

  it('tells status and wait of a refusal in the media type of GraphQL over HTTP', async () => {
    const answer = app.transport(trackRequest().request);
    const body = { errors: [{ message: 'No.', extensions: { code: 'OVERLOADED' } }] };
    const headers = { 'content-type': 'application/graphql-response+json', 'retry-after': '2' };
    (await gateway.next('TrackEvents')).answer(body, 503, headers);
    const { status, retryAfterMs, errors } = await answer;
    expect({ status, retryAfterMs }).toEqual({ status: 503, retryAfterMs: 2000 });
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'OVERLOADED' } })]);
  });

  it('reads a wait that is a date', async () => {
    const answer = app.transport(trackRequest().request);
    const headers = { 'retry-after': 'Wed, 01 Jan 2020 00:00:00 GMT' };
    (await gateway.next('TrackEvents')).answer({ errors: [] }, 429, headers);
    expect(await answer).toMatchObject({ status: 429, retryAfterMs: 0 });
  });

  it.each([
    ['an HTML page', '<h1>Bad gateway</h1>', { 'content-type': 'text/html' }],
    ['JSON that is no GraphQL', { message: 'Internal server error' }, {}],
    ['nothing', '', {}],
  ])('tells the status of a server error with %s', async (_, body, headers) => {
    const answer = app.transport(trackRequest().request);
    (await gateway.next('TrackEvents')).answer(body, 502, headers);
    expect(await answer).toEqual({ data: undefined, errors: undefined, status: 502, retryAfterMs: null });
  });

  it('hands back the errors of an answer that failed without an HTTP error', async () => {
    const answer = app.transport(trackRequest().request);
    const errors = [{ message: 'Who?', extensions: { code: 'UNAUTHENTICATED' } }];
    (await gateway.next('TrackEvents')).answer({ data: null, errors });
    const { data, status, errors: got } = await answer;
    expect({ data, status }).toEqual({ data: null, status: undefined });
    expect(got).toEqual([expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })]);
  });

  it('rejects when the connection ends within the answer', async () => {
    const answer = app.transport(trackRequest().request);
    (await gateway.next('TrackEvents')).cut();
    await expect(answer).rejects.toThrow();
  });

  it('rejects when nobody answers at all', async () => {
    await gateway.close();
    await expect(app.transport(trackRequest().request)).rejects.toThrow();
  });

  it('gives up at once when told so, and ends the request', async () => {
    const { request, abort } = trackRequest();
    const answer = app.transport(request);
    const received = await gateway.next('TrackEvents');
    abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
    await received.gone;
  });

  it('sends nothing that was given up before', async () => {
    const { request, abort } = trackRequest();
    abort(new Error('too late'));
    await expect(app.transport(request)).rejects.toThrow('too late');
    expect(calls).toEqual([]);
  });

  it('does not hold up a mutation of the app while it hangs itself', async () => {
    const { request, abort } = trackRequest();
    const answer = app.transport(request);
    const hanging = await gateway.next('TrackEvents');
    const renamed = app.rename();
    (await gateway.next('Rename')).answer({ data: { rename: true } });
    expect(await renamed).toEqual({ rename: true });
    // Nothing had been answered until now.
    hanging.answer({ data: verdicts });
    expect((await answer).data).toEqual(verdicts);
    abort(new Error('after the answer, without consequence'));
  });

  it('is not held up by a mutation of the app that hangs', async () => {
    const renamed = app.rename();
    const hanging = await gateway.next('Rename');
    const answer = app.transport(trackRequest().request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    expect((await answer).data).toEqual(verdicts);
    hanging.answer({ data: { rename: true } });
    expect(await renamed).toEqual({ rename: true });
  });
});
