import { describe, expect, it } from 'vitest';
import { postgresTarget, postgresTimeouts } from '../../../src/store/postgres/postgres-config.js';

const formats = [
  ['TimeZone', 'UTC'],
  ['DateStyle', 'ISO'],
  ['bytea_output', 'hex'],
];
const locks = [
  ['lock_timeout', '3000'],
  ['idle_in_transaction_session_timeout', '10000'],
];
const limits = [['statement_timeout', '5000'], ...locks];

describe('a PostgreSQL connection', () => {
  it('is limited in time, by the server and a little later by the client', () => {
    const { client, settings, schema } = postgresTarget('postgresql://u:p@h/db', postgresTimeouts);
    expect(settings).toEqual([...limits, ...formats]);
    expect(client).toMatchObject({ connectionTimeoutMillis: 3_000, query_timeout: 7_000, keepAlive: true });
    expect(schema).toBe(null);
  });

  it('is not limited for migrations', () => {
    const { client, settings } = postgresTarget('postgresql://u:p@h/db', null);
    expect(settings).toEqual(formats);
    expect(client.query_timeout).toBeUndefined();
  });

  it('asks the server for nothing at its start that a pooler refuses', () => {
    const { client } = postgresTarget('postgresql://u:p@h/db?schema=signals', postgresTimeouts);
    expect(client).toEqual({
      connectionString: 'postgresql://u:p@h/db',
      application_name: 'signals',
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      query_timeout: 7_000,
    });
  });

  it.each([
    {
      what: 'keeps the operator’s options, which win over our limits and not over our formats',
      url: 'postgresql://h/db?options=-c%20statement_timeout%3D1%20-c%20timezone%3DJapan&sslmode=disable',
      connectionString: 'postgresql://h/db?sslmode=disable',
      options: '-c statement_timeout=1 -c timezone=Japan',
      settings: [...locks, ...formats],
      schema: null,
    },
    {
      what: 'reads the other spelling of an option',
      url: 'postgresql://h/db?options=--lock-timeout%3D9%20--idle_in_transaction_session_timeout%3D8',
      connectionString: 'postgresql://h/db',
      options: '--lock-timeout=9 --idle_in_transaction_session_timeout=8',
      settings: [['statement_timeout', '5000'], ...formats],
      schema: null,
    },
    {
      what: 'takes Prisma’s ?schema= as the search path, and quotes it',
      url: 'postgresql://h/db?schema=a%20%22b%5C',
      connectionString: 'postgresql://h/db',
      options: undefined,
      settings: [...limits, ['search_path', '"a ""b\\"'], ...formats],
      schema: 'a "b\\',
    },
    {
      what: 'reads connection strings without a host',
      url: 'postgresql://user@/db?host=%2Fvar%2Frun',
      connectionString: 'postgresql://user@/db?host=%2Fvar%2Frun',
      options: undefined,
      settings: [...limits, ...formats],
      schema: null,
    },
  ])('$what', ({ url, connectionString, options, settings, schema }) => {
    const target = postgresTarget(url, postgresTimeouts);
    expect(target.client.connectionString).toBe(connectionString);
    expect(target.client.options).toBe(options);
    expect(target.settings).toEqual(settings);
    expect(target.schema).toBe(schema);
  });
});
