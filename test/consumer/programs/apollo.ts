import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client/core';
import { createTracker } from 'signals-client';
import { apolloTransport } from 'signals-client/apollo';

const link = new HttpLink({ uri: '/graphql' });
const client = new ApolloClient({ cache: new InMemoryCache(), link });
const options = { endpoint: '/graphql', appName: 'web', user: null, consent: 'granted' } as const;

export const trackers = [
  createTracker({ ...options, fetch: apolloTransport(client) }),
  createTracker({ ...options, fetch: apolloTransport(client, { link: ApolloLink.from([link]) }) }),
];

// @ts-expect-error a client is needed
apolloTransport();
// @ts-expect-error an address is no client
apolloTransport('/graphql');
