import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSearch } from '../../src/http/document-data.js';
import { answerOf, trackEvent } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';

describe('whether a document can hold data of a request', () => {
  const holdsData = createDataSearch(
    buildSchema(`
      scalar JSON
      enum Order { NEWEST OLDEST }
      input Filter { route: String order: Order more: JSON }
      type Query { events(filter: Filter, first: Int, json: JSON, deep: [[Filter]]): Int }
    `),
  );
  it.each([
    '{ events }',
    'query Anything($a: Int) { alias: events(first: $a) { ...F } } fragment F on Int { events }',
    '{ events(filter: { route: $r, order: NEWEST }) @include(if: true) }',
    '{ events(filter: null, deep: [[{ order: OLDEST }, null], []]) }',
    '\uFEFF{,,, events\t\r\n }',
  ])('no: %s', (text) => expect(holdsData(parse(text))).toBe(false));
  it.each([
    '{ events(filter: { route: "a" }) }',
    '{ events(filter: { route: """a""" }) }',
    '{ events(filter: { route: "" }) }',
    '{ events(first: 1) }',
    '{ events(json: 0.5) }',
    '{ events(deep: [[{ route: "a" }]]) }',
    'query($r: String = "a") { events(filter: { route: $r }) }',
    'query($r: Int = 1) { events(first: $r) }',
    '{ events @include(if: "a") }',
    '{ events(json: { alice: true }) }',
    '{ events(json: { more: [{ alice: $a }] }) }',
    '{ events(json: [alice]) }',
    '# alice\n{ events }',
    '{ events } # alice',
    '{ events(filter: { # alice\n order: NEWEST }) }',
  ])('yes: %s', (text) => expect(holdsData(parse(text))).toBe(true));
  it('yes, where there are no tokens to tell', () => {
    expect(holdsData(parse('{ events }', { noLocation: true }))).toBe(true);
  });
});

describe('a document that comes again', () => {
  let world: World;
  let app: TestApp;
  let user: Record<string, string>;
  beforeAll(async () => {
    world = await openWorld();
    app = await world.start();
    user = bearer(await app.token('user-1'));
  });
  afterAll(() => world.close());
  const ask = async (query: string, variables: object = {}, more: object = {}) =>
    answerOf(await app.post('/graphql', { query, variables, ...more }, user));

  it.each([
    ['with a literal', '{ eventCatalog { fingerprint } events(first: 1) { totalCount } }'],
    ['without one', '{\n  eventCatalog { fingerprint }\n  events { totalCount }\n}'],
    ['with a comment', '{ eventCatalog { fingerprint } # a comment\n events { totalCount } }'],
    ['that is not valid', '{ eventCatalog { fingerprint nothing } }'],
    ['that does not parse', '{ eventCatalog { '],
    ['over a limit', `{ ${'__typename '.repeat(4_001)} }`],
    ['with two operations and no name', 'query A { __typename } query B { __typename }'],
  ])('%s has the same answer each time, locations included', async (_what, query) => {
    const first = await ask(query);
    expect(first.text).toContain('"errors"');
    for (let round = 0; round < 3; round++) expect((await ask(query)).text).toBe(first.text);
  });

  it('says where an error of its execution is', async () => {
    const query = '{\n  __typename\n   events { totalCount }\n}';
    for (let round = 0; round < 3; round++) {
      const { errors } = await ask(query);
      expect(errors).toMatchObject([
        { locations: [{ line: 3, column: 4 }], extensions: { code: 'FORBIDDEN' } },
      ]);
    }
  });

  it('is executed with the variables of its own request', async () => {
    for (let round = 0; round < 3; round++) {
      const input = pageViewed({ clientEventId: crypto.randomUUID() });
      const { data } = await ask(trackEvent, { input });
      expect(data.trackEvent).toMatchObject({ status: 'ACCEPTED', clientEventId: input.clientEventId });
      expect((await ask(trackEvent, { input: 'x' })).codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('is executed by the operation that its request names', async () => {
    const query = 'query A { a: __typename } query B { b: __typename }';
    for (const name of ['A', 'B', 'A', 'B']) {
      expect((await ask(query, {}, { operationName: name })).data).toEqual({ [name.toLowerCase()]: 'Query' });
    }
  });
});
