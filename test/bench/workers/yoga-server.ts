// Stock GraphQL Yoga with the same document: the resolver answers at once and stores nothing.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { answerJobs } from './answer.js';

const typeDefs = `
  scalar JSON
  type Query { unused: Boolean }
  type Mutation { trackEvent(input: TrackEventInput!): TrackEventPayload! }
  input TrackEventInput {
    eventType: String! appName: String! clientEventId: ID! eventVersion: Int appVersion: String source: String
    host: String route: String entityType: String entityId: ID sessionId: ID seq: Float occurredAt: String
    properties: JSON
  }
  type TrackEventPayload { clientEventId: ID! status: TrackStatus! reason: String retryAfterMs: Int }
  enum TrackStatus { ACCEPTED DUPLICATE DROPPED REJECTED }
`;

answerJobs<'yoga-server'>(
  ({ port }) =>
    new Promise((resolve) => {
      const yoga = createYoga({
        schema: createSchema({
          typeDefs,
          resolvers: {
            Mutation: {
              trackEvent: (_root: unknown, { input }: { input: { clientEventId: string } }) => ({
                clientEventId: input.clientEventId,
                status: 'ACCEPTED',
              }),
            },
          },
        }),
      });
      const server = createServer(yoga);
      server.keepAliveTimeout = 600_000;
      server.listen(port, '127.0.0.1', () => resolve(port));
    }),
);
