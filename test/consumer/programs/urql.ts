import { Client, fetchExchange } from '@urql/core';
import { createTracker } from 'signals-client';
import { urqlTransport } from 'signals-client/urql';

const client = new Client({ url: '/graphql', exchanges: [fetchExchange], preferGetMethod: false });

export const tracker = createTracker({
  endpoint: '/graphql',
  appName: 'web',
  user: null,
  consent: 'granted',
  fetch: urqlTransport(client),
});

// @ts-expect-error a client is needed
urqlTransport();
// @ts-expect-error an address is no client
urqlTransport('/graphql');
