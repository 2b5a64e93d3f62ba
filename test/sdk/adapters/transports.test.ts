import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { parse, print } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpFetch } from '../../../src/client/transport.js';
import { apolloTransport } from '../../../src/sdk/apollo.js';
import { urqlTransport } from '../../../src/sdk/urql.js';
import {
  type Gateway,
  recordingFetch,
  send,
  startGateway,
  trackerOptions,
  trackRequest,
  verdicts,
} from './gateway.js';

/** A client as an app makes it, with the app's own mutation. */
interface App {
  readonly transport: HttpFetch;
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
    const { request, query, variables } = trackRequest();
    const answer = send(app.transport, request);
    const received = await gateway.next('TrackEvents');
    received.answer({ data: verdicts });
    expect(await answer).toEqual({ data: verdicts, errors: undefined, status: 200, retryAfter: null });
    expect(received.body.variables).toEqual(variables);
    // Clients may ask for type names besides.
    const sent = print(parse(received.body.query)).replace(/\n *__typename/g, '');
    expect(sent).toBe(print(parse(query)));
  });

  it('leaves to the client where a request goes and who sends it', async () => {
    const { request } = trackRequest();
    expect(request.headers).toMatchObject({ authorization: 'Bearer of-the-tracker' });
    const answer = send(app.transport, request);
    // It is the client's own endpoint that hears of it.
    const { headers, answer: reply } = await gateway.next('TrackEvents');
    reply({ data: verdicts });
    await answer;
    for (const name of ['authorization', ...Object.keys(trackerOptions.headers)])
      expect(headers).not.toHaveProperty(name);
  });

  it.each([true, false])('tells fetch whether the page may be gone: keepalive %s', async (keepalive) => {
    const { request } = trackRequest({ keepalive });
    const answer = send(app.transport, request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    await answer;
    expect(calls).toEqual([expect.objectContaining({ method: 'POST', keepalive, priority: 'low' })]);
  });

  it('tells status, wait and error codes of a refusal', async () => {
    const answer = send(app.transport, trackRequest().request);
    const body = { errors: [{ message: 'Slow down.', extensions: { code: 'RATE_LIMITED' } }] };
    (await gateway.next('TrackEvents')).answer(body, 429, { 'retry-after': '7' });
    const { status, retryAfter, errors, data } = await answer;
    expect({ status, retryAfter, data }).toEqual({ status: 429, retryAfter: '7', data: undefined });
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'RATE_LIMITED' } })]);
  });

  it('tells status and wait of a refusal in the media type of GraphQL over HTTP', async () => {
    const answer = send(app.transport, trackRequest().request);
    const body = { errors: [{ message: 'No.', extensions: { code: 'OVERLOADED' } }] };
    const headers = { 'content-type': 'application/graphql-response+json', 'retry-after': '2' };
    (await gateway.next('TrackEvents')).answer(body, 503, headers);
    const { status, retryAfter, errors } = await answer;
    expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '2' });
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'OVERLOADED' } })]);
  });

  it('hands on a wait that is a date', async () => {
    const answer = send(app.transport, trackRequest().request);
    const retryAfter = 'Wed, 01 Jan 2020 00:00:00 GMT';
    (await gateway.next('TrackEvents')).answer({ errors: [] }, 429, { 'retry-after': retryAfter });
    expect(await answer).toMatchObject({ status: 429, retryAfter });
  });

  it.each([
    ['an HTML page', '<h1>Bad gateway</h1>', { 'content-type': 'text/html' }],
    ['JSON that is no GraphQL', { message: 'Internal server error' }, {}],
    ['nothing', '', {}],
  ])('tells the status of a server error with %s', async (_, body, headers) => {
    const answer = send(app.transport, trackRequest().request);
    (await gateway.next('TrackEvents')).answer(body, 502, headers);
    expect(await answer).toEqual({ data: undefined, errors: undefined, status: 502, retryAfter: null });
  });

  // Without `data` a request was not executed at all, which the tracker goes by.
  it.each([
    ['was executed', null],
    ['was not', undefined],
  ])('hands back the errors without an HTTP error of a request that %s', async (_, data) => {
    const answer = send(app.transport, trackRequest().request);
    const errors = [{ message: 'Who?', extensions: { code: 'UNAUTHENTICATED' } }];
    (await gateway.next('TrackEvents')).answer({ data, errors });
    const { errors: got, ...rest } = await answer;
    expect(rest).toEqual({ data, status: 200, retryAfter: null });
    expect(got).toEqual([expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })]);
  });

  it('rejects when the connection ends within the answer', async () => {
    const answer = send(app.transport, trackRequest().request);
    (await gateway.next('TrackEvents')).cut();
    await expect(answer).rejects.toThrow();
  });

  it('rejects when nobody answers at all', async () => {
    await gateway.close();
    await expect(send(app.transport, trackRequest().request)).rejects.toThrow();
  });

  it('gives up at once when told so, and ends the request', async () => {
    const { request, abort } = trackRequest();
    const answer = send(app.transport, request);
    const received = await gateway.next('TrackEvents');
    abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
    await received.gone;
  });

  it('sends nothing that was given up before', async () => {
    const { request, abort } = trackRequest();
    abort(new Error('too late'));
    await expect(send(app.transport, request)).rejects.toThrow('too late');
    expect(calls).toEqual([]);
  });

  it('does not hold up a mutation of the app while it hangs itself', async () => {
    const { request, abort } = trackRequest();
    const answer = send(app.transport, request);
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
    const answer = send(app.transport, trackRequest().request);
    (await gateway.next('TrackEvents')).answer({ data: verdicts });
    expect((await answer).data).toEqual(verdicts);
    hanging.answer({ data: { rename: true } });
    expect(await renamed).toEqual({ rename: true });
  });
});
