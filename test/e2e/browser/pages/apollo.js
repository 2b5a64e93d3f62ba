// An app on Apollo Client 4 as its documentation sets it up; the tracker goes through the app's own client.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { apolloTransport } from 'signals-client/apollo';
import { drive } from './driver.js';

const book = gql`mutation Book($title: String!) { book(title: $title) { id title } }`;
const appointments = gql`query Appointments { appointments { nodes { id title } } }`;

let client;
let notified = 0;

drive({
  transport: ({ token }) => {
    client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({ uri: '/graphql', headers: { authorization: `Bearer ${token}` } }),
    });
    return apolloTransport(client);
  },
  async book(title) {
    const { data } = await client.mutate({ mutation: book, variables: { title } });
    return data.book.title;
  },
  /** Watches a query as a component does, and counts what it hears; resolves with the first result. */
  watch: () =>
    new Promise((resolve) => {
      client.watchQuery({ query: appointments }).subscribe(({ data, loading }) => {
        notified += 1;
        if (!loading) resolve(data.appointments.nodes.length);
      });
    }),
  notified: () => notified,
  cached: () => Object.keys(client.cache.extract()).sort(),
  /** Times of mutations in milliseconds, by turns with and without so many events tracked just before. */
  async time(rounds, events, journey) {
    const times = { without: [], with: [] };
    for (let round = 0; round < 2 * rounds; round += 1) {
      const kind = round % 2 === 0 ? 'without' : 'with';
      const since = performance.now();
      if (kind === 'with') globalThis.host.track(events, journey);
      await globalThis.host.book('Tea');
      times[kind].push(performance.now() - since);
    }
    return times;
  },
});
