import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPostgresDatabase } from '../../support/database.js';
import { type Child, startChild } from './child.js';
import { composeSupergraph } from './compose.js';
import { type Database, openDatabase } from './database.js';
import { createOwner } from './owner.js';
import { type IdentityProvider, openIdentityProvider } from './people.js';
import { createRecorder, type Recorder } from './recorder.js';
import { type Replica, startReplica } from './replica.js';
import { startService, urlOf } from './service.js';

const here = fileURLToPath(new URL('..', import.meta.url));
const examples = fileURLToPath(new URL('../../../examples/gateway', import.meta.url));

/** What tells one way through the house from another. */
export interface Route {
  /** The GraphQL endpoint that clients use. */
  readonly url: string;
  readonly replica: Replica;
  /** What the gateway sends to the replica. */
  readonly wire: Recorder;
}

/**
 * Two replicas of the service on one PostgreSQL, behind the two ways of trusting a gateway, and a neighbour
 * subgraph beside both.
 */
export interface Stack {
  /** Hive Gateway with the bound signature → claims from the gateway. */
  readonly hive: Route;
  /** Apollo Gateway as in examples/gateway → verified bearer tokens. */
  readonly apollo: Route;
  /** Hive Gateway that passes on tokens and nothing else → the same replica as `apollo`. */
  readonly careless: { readonly url: string };
  /** A Hive Gateway that browsers reach without a load balancer → the same replica as `hive`. */
  readonly exposed: { readonly url: string };
  /** A Hive Gateway that sends hashes in place of documents → the same replica as `hive`. */
  readonly hashing: { readonly url: string };
  readonly people: IdentityProvider;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly hmacSecret: string;
  /** Everything that is secret, as it was ever used. */
  readonly secrets: readonly string[];
  /** Settings of the second replica, for starting more of its kind. */
  readonly bearerSettings: Readonly<Record<string, string>>;
  /** Every process of the service that was started; whoever starts another adds it. */
  readonly replicas: Replica[];
  /** The last that every process wrote, for whoever looks for the cause of a failure. */
  lastWords(): string;
  /** Requests that the neighbour got from gateways. */
  neighbourSaw(): Promise<string>;
  /** The kill switch: another secret in the file that all replicas watch. */
  replaceSaltSecret(): void;
  stop(): Promise<void>;
}

/** Starts everything, on free ports of 127.0.0.1. What was started is stopped again when something fails. */
export async function startStack(say: (line: string) => void): Promise<Stack> {
  const owner = createOwner();
  const { own: owned, stop } = owner;
  const children: Child[] = [];
  const ownedChild = (child: Child): Child => {
    children.push(child);
    return owned(child);
  };
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<Stack> {
    mkdirSync(join(here, '.tmp'), { recursive: true });
    const folder = mkdtempSync(join(here, '.tmp', 'run-'));
    owner.atTheEnd(async () => rmSync(folder, { recursive: true, force: true }));

    say('PostgreSQL and the identity provider …');
    const { url: databaseUrl, drop } = await createPostgresDatabase({ empty: true });
    owner.atTheEnd(drop);
    const database = owned(openDatabase(databaseUrl));
    const people = owned(await openIdentityProvider());

    say('two replicas of the service, which migrate at the same time …');
    const hmacSecret = `e2e-hmac-${crypto.randomUUID()}`;
    const saltFile = join(folder, 'salt-secret');
    const secrets = [hmacSecret];
    const replaceSaltSecret = (): void => {
      secrets.push(`e2e-salt-${crypto.randomUUID()}`);
      writeFileSync(saltFile, secrets.at(-1) ?? '');
    };
    replaceSaltSecret();
    const common = {
      DATABASE_URL: databaseUrl,
      SIGNALS_SALT_SECRET_FILE: saltFile,
      SIGNALS_JWT_ISSUER: people.issuer,
      SIGNALS_JWT_AUDIENCE: people.audience,
      SIGNALS_JWKS_URL: people.jwksUrl,
    };
    const bearerSettings = { ...common, SIGNALS_AUTH: 'bearer', SIGNALS_CLIENT_IP_SOURCE: 'xff' };
    const [signed, bearer] = await Promise.all([
      startReplica('signals behind Hive', {
        ...common,
        SIGNALS_AUTH: 'forwarded-claims',
        SIGNALS_GATEWAY_HMAC_SECRETS: hmacSecret,
        SIGNALS_CLIENT_IP_SOURCE: 'signed',
      }),
      startReplica('signals behind Apollo', bearerSettings),
    ]);
    for (const { child } of [signed, bearer]) ownedChild(child);
    const wires = {
      hive: owned(await createRecorder(signed.url)),
      apollo: owned(await createRecorder(bearer.url)),
    };

    say('the neighbour subgraph and the gateways …');
    const neighbour = ownedChild(startService('calendar', {}));
    const neighbourUrl = await urlOf(neighbour);
    const calendar = `${neighbourUrl}/graphql`;
    const supergraphs = {
      signed: join(folder, 'signed.graphql'),
      bearer: join(folder, 'supergraph.graphql'),
    };
    writeFileSync(supergraphs.signed, composeSupergraph({ signals: `${wires.hive.url}/graphql`, calendar }));
    writeFileSync(
      supergraphs.bearer,
      composeSupergraph({ signals: `${wires.apollo.url}/graphql`, calendar }),
    );
    // Where its imports are found among our packages, and its supergraph beside it.
    cpSync(join(examples, 'apollo-gateway.mjs'), join(folder, 'apollo-gateway.mjs'));

    const hiveSettings = {
      SUPERGRAPH: supergraphs.signed,
      JWKS_URL: people.jwksUrl,
      JWT_ISSUER: people.issuer,
      JWT_AUDIENCE: people.audience,
      GATEWAY_HMAC_SECRET: hmacSecret,
    };
    const { GATEWAY_HMAC_SECRET: _, ...unsignedSettings } = hiveSettings;
    const gateways = [
      startService('hive', { ...hiveSettings, CLIENT_IP: 'balancer' }),
      startChild({ name: 'apollo', args: ['apollo-gateway.mjs'], cwd: folder, env: { PORT: '0' } }),
      startService('hive', { ...unsignedSettings, SUPERGRAPH: supergraphs.bearer }),
      startService('hive', hiveSettings),
      startService('hive', { ...hiveSettings, APQ: '1' }),
    ].map(ownedChild);
    const [hive = '', apollo = '', careless = '', exposed = '', hashing = ''] = await Promise.all(
      gateways.map(urlOf),
    );

    return {
      hive: { url: `${hive}/graphql`, replica: signed, wire: wires.hive },
      apollo: { url: `${apollo}/graphql`, replica: bearer, wire: wires.apollo },
      careless: { url: `${careless}/graphql` },
      exposed: { url: `${exposed}/graphql` },
      hashing: { url: `${hashing}/graphql` },
      people,
      database,
      databaseUrl,
      hmacSecret,
      secrets,
      bearerSettings,
      replicas: [signed, bearer],
      lastWords: () =>
        children.map(({ name, output }) => `--- ${name}\n${output().slice(-1_500)}`).join('\n'),
      neighbourSaw: async () => (await fetch(`${neighbourUrl}/seen`)).text(),
      replaceSaltSecret,
      stop,
    };
  }
}
