// The neighbour in the supergraph: a subgraph of somebody else, with an `Event`, `PageInfo`, `JSON` and `node` of
// its own. It also tells what gateways sent it (`GET /seen`), because that must not be anybody's address.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

const appointment = { __typename: 'Event', id: 'appointment-1', title: 'Lunch', extra: { room: 3 } };
const typeDefs = parse(readFileSync(new URL('./calendar.graphql', import.meta.url), 'utf8'));
const resolvers = {
  Query: {
    node: (_root, { id }) => (id === appointment.id ? appointment : null),
    appointments: () => ({
      nodes: [appointment],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    }),
    marks: (_root, { ids }) => ids.map((id) => ({ label: `mark on ${id}`, event: { id } })),
  },
  Mutation: { book: (_root, { title }) => ({ ...appointment, title }) },
  Event: { __resolveReference: ({ id }) => (id === appointment.id ? appointment : null) },
  AnalyticsEvent: { __resolveReference: ({ id }) => ({ id }), note: ({ id }) => `note on ${id}` },
};

const seen = [];
const yoga = createYoga({
  schema: buildSubgraphSchema({ typeDefs, resolvers }),
  logging: false,
  plugins: [
    {
      onParams: ({ request, params }) =>
        void seen.push({
          headers: Object.fromEntries(request.headers),
          extensions: params.extensions ?? null,
        }),
    },
  ],
});
const server = createServer((request, response) => {
  if (request.url === '/seen') response.end(JSON.stringify(seen));
  else yoga(request, response);
});
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
