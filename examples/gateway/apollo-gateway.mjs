// Apollo Gateway (Node). The subgraph verifies the token itself: SIGNALS_AUTH=bearer, no HMAC secret,
// SIGNALS_CLIENT_IP_SOURCE=xff. The proxy in front must append or overwrite x-forwarded-for.
import { readFile } from 'node:fs/promises';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const forwarded = ['authorization', 'user-agent', 'x-forwarded-for', 'sec-gpc', 'dnt'];

const gateway = new ApolloGateway({
  supergraphSdl: await readFile('./supergraph.graphql', 'utf8'),
  buildService: ({ name, url }) =>
    // No `apq: true`: Signals keeps no documents, and every operation would be sent to it twice.
    new RemoteGraphQLDataSource({
      url,
      willSendRequest({ request, context }) {
        // Only our subgraph gets them: an address is nobody else's business.
        if (name !== 'signals') return;
        for (const header of forwarded) {
          const value = context.headers?.[header];
          if (typeof value === 'string') request.http.headers.set(header, value);
        }
      },
    }),
});

const server = new ApolloServer({ gateway });
const { url } = await startStandaloneServer(server, {
  listen: { host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 4000) },
  context: async ({ req }) => ({ headers: req.headers }),
});
console.log(url);
