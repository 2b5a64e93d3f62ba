// An app on urql as its documentation sets it up; the tracker goes through the app's own client.
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { urqlTransport } from 'signals-client/urql';
import { drive } from './driver.js';

const book = `mutation Book($title: String!) { book(title: $title) { id title } }`;

let client;

drive({
  transport: ({ token }) => {
    client = new Client({
      url: '/graphql',
      preferGetMethod: false,
      exchanges: [cacheExchange, fetchExchange],
      fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    });
    return urqlTransport(client);
  },
  async book(title) {
    const { data, error } = await client.mutation(book, { title });
    if (error) throw error;
    return data.book.title;
  },
});
