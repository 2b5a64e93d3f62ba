// Sends each of the operations in INPUTS to ENDPOINT with a hash in place of the document first: one through the link
// of Apollo Client, one through the data source of Apollo Gateway. Prints what came back, as JSON.
import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { RemoteGraphQLDataSource } from '@apollo/gateway';

const { ENDPOINT, TOKEN, MUTATION, INPUTS } = process.env;
const [first, second] = JSON.parse(INPUTS);
const authorization = `Bearer ${TOKEN}`;

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new PersistedQueryLink({
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  }).concat(new HttpLink({ uri: ENDPOINT, headers: { authorization } })),
});
const throughLink = await client.mutate({ mutation: gql(MUTATION), variables: { input: first } });

const source = new RemoteGraphQLDataSource({
  url: ENDPOINT,
  apq: true,
  willSendRequest: ({ request }) => request.http.headers.set('authorization', authorization),
});
const throughSource = await source.process({
  kind: 'incoming operation',
  request: { query: MUTATION, variables: { input: second } },
  context: {},
  incomingRequestContext: {},
});

const statusOf = ({ data }) => data?.trackEvent.status;
console.log(JSON.stringify({ link: statusOf(throughLink), source: statusOf(throughSource) }));
