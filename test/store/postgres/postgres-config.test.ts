import { describe, expect, it } from 'vitest';
import { postgresTarget, postgresTimeouts } from '../../../src/store/postgres/postgres-config.js';

const ours = '-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex';
const limits = '-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000';

describe('a PostgreSQL connection', () => {
  it('is limited in time, by the server and a little later by the client', () => {
    const { client, schema } = postgresTarget('postgresql://u:p@h/db', postgresTimeouts);
    expect(client).toMatchObject({
      connectionString: 'postgresql://u:p@h/db',
      options: `${limits} ${ours}`,
      connectionTimeoutMillis: 3_000,
      query_timeout: 7_000,
      keepAlive: true,
    });
    expect(schema).toBe(null);
  });

  it('is not limited for migrations', () => {
    const { client } = postgresTarget('postgresql://u:p@h/db', null);
    expect(client.options).toBe(ours);
    expect(client.query_timeout).toBeUndefined();
  });

  it.each([
    {
      what: 'keeps the operator’s options, which win over our limits and not over our formats',
      url: 'postgresql://h/db?options=-c%20statement_timeout%3D1&sslmode=disable',
      connectionString: 'postgresql://h/db?sslmode=disable',
      options: `${limits} -c statement_timeout=1 ${ours}`,
      schema: null,
    },
    {
      what: 'takes Prisma’s ?schema= as the search path',
      url: 'postgresql://h/db?schema=signals',
      connectionString: 'postgresql://h/db',
      options: `${limits} -c search_path="signals" ${ours}`,
      schema: 'signals',
    },
    {
      what: 'quotes a schema with a strange name',
      url: 'postgresql://h/db?schema=a%20%22b%5C',
      connectionString: 'postgresql://h/db',
      options: `${limits} -c search_path="a\\ ""b\\\\" ${ours}`,
      schema: 'a "b\\',
    },
    {
      what: 'reads connection strings without a host',
      url: 'postgresql://user@/db?host=%2Fvar%2Frun',
      connectionString: 'postgresql://user@/db?host=%2Fvar%2Frun',
      options: `${limits} ${ours}`,
      schema: null,
    },
  ])('$what', ({ url, connectionString, options, schema }) => {
    const target = postgresTarget(url, postgresTimeouts);
    expect(target.client).toMatchObject({ connectionString, options });
    expect(target.schema).toBe(schema);
  });
});
