import { readFileSync } from 'node:fs';
import { composeServices } from '@theguild/federation-composition';
import { buildSchema as buildPlain, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open-store.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { openTestStore } from '../support/database.js';

const sdl = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

/** A neighbour with all the names that are likely to clash, and a field on our entity. */
const neighbour = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@shareable", "@external"])
  scalar JSON
  scalar DateTime
  scalar SafeInt
  interface Node { id: ID! }
  type Event implements Node @key(fields: "id") { id: ID! title: String! payload: JSON startsAt: DateTime seats: SafeInt }
  type EventConnection { edges: [EventEdge!]! pageInfo: PageInfo! }
  type EventEdge { cursor: String! node: Event! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type AnalyticsEvent @key(fields: "id") { id: ID! @external note: String }
  type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! calendar(first: Int): EventConnection! }
  type Mutation { createEvent(title: String!): Event! }
`;

const compose = (...others: string[]) =>
  composeServices([
    { name: 'signals', typeDefs: parse(sdl), url: 'http://signals.example/graphql' },
    ...others.map((typeDefs, index) => ({
      name: `other${index}`,
      typeDefs: parse(typeDefs),
      url: `http://other${index}.example/`,
    })),
  ]);

describe('the subgraph', () => {
  it('composes alone', () => {
    const { errors, supergraphSdl } = compose();
    expect(errors).toBeUndefined();
    expect(supergraphSdl).toContain('type AnalyticsEvent');
  });
  it('composes with a neighbour that has its own Event, PageInfo, scalars and node', () => {
    const { errors, supergraphSdl, publicSdl } = compose(neighbour);
    expect(errors).toBeUndefined();
    expect(supergraphSdl).toContain('@join__type(graph: SIGNALS, key: "id")');
    const fields = Object.keys(
      buildPlain(publicSdl ?? '')
        .getQueryType()
        ?.getFields() ?? {},
    );
    expect(fields.sort()).toEqual([
      'calendar',
      'eventCatalog',
      'eventStats',
      'eventStatsLimits',
      'events',
      'node',
      'nodes',
    ]);
  });
  it('would be found clashing: a neighbour with the same root field is refused', () => {
    expect(compose('type Query { events: String }').errors).toBeDefined();
  });
  it('has the types and fields of the contract, nullable where it says so', () => {
    const schema = buildPlain(`directive @link(url: String!, import: [String!]) on SCHEMA
      directive @key(fields: String!) on OBJECT
      directive @shareable on OBJECT\n${sdl}`);
    const printed = (type: string) => {
      const found = schema.getType(type);
      if (!found || !('getFields' in found)) throw new Error(type);
      return Object.values(found.getFields()).map((field) => `${field.name}: ${field.type}`);
    };
    expect(printed('AnalyticsEvent')).toEqual(
      `id: ID!, createdAt: DateTime!, occurredAt: DateTime, eventType: String!, eventVersion: Int, appName: String!, appVersion: String, source: String, route: String, entityType: String, entityId: ID, userHash: ID, sessionId: ID, seq: Int, deviceType: String, browserFamily: String, osFamily: String, clientEventId: ID, properties: JSON`.split(
        ', ',
      ),
    );
    expect(printed('TrackEventInput')).toEqual(
      `eventType: String!, appName: String!, clientEventId: ID!, eventVersion: Int, appVersion: String, source: String, host: String, route: String, entityType: String, entityId: ID, sessionId: ID, seq: Float, occurredAt: String, sentAt: String, properties: JSON`.split(
        ', ',
      ),
    );
    expect(printed('TrackEventsInput')).toEqual(['events: [TrackEventInput!]!', 'sentAt: String']);
    expect(printed('TrackEventPayload')).toEqual([
      'clientEventId: ID!',
      'status: TrackStatus!',
      'reason: TrackReason',
      'retryAfterMs: Int',
      'field: String',
      'rule: String',
    ]);
    expect(printed('TrackEventsPayload')).toEqual([
      'accepted: Int!',
      'duplicates: Int!',
      'dropped: Int!',
      'rejected: Int!',
      'results: [TrackEventPayload!]!',
    ]);
    expect(printed('EventsFilter')).toEqual(
      `appName: [String!], eventType: [String!], eventVersion: [Int!], entityType: String, entityId: ID, route: String, deviceType: [String!], browserFamily: [String!], osFamily: [String!], source: [String!], appVersion: [String!], none: [EventDimension!], userHash: ID, sessionId: ID, from: DateTime, to: DateTime`.split(
        ', ',
      ),
    );
  });
});

describe('_service', () => {
  let opened: OpenedStore;
  let app: TestApp;
  beforeAll(async () => {
    opened = await openTestStore();
    app = await createTestApp({ store: opened });
  });
  afterAll(async () => {
    await app.close();
    await opened.store.close();
  });
  it('answers the committed file', async () => {
    const response = await app.post('/graphql', { query: '{ _service { sdl } }' });
    expect((await response.json()).data._service.sdl).toBe(sdl);
  });
  it('is there for those who may not introspect', async () => {
    const closed = await createTestApp({ store: opened, env: { SIGNALS_INTROSPECTION: 'off' } });
    const ask = async (query: string) => (await closed.post('/graphql', { query })).json();
    expect((await ask('{ _service { sdl } }')).data._service.sdl).toBe(sdl);
    expect((await ask('{ __schema { types { name } } }')).errors[0].extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    await closed.close();
  });
});
