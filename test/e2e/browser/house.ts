import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPostgresDatabase } from '../../support/database.js';
import type { Child } from '../support/child.js';
import { composeSupergraph } from '../support/compose.js';
import { type Database, openDatabase } from '../support/database.js';
import { createOwner } from '../support/owner.js';
import { type IdentityProvider, openIdentityProvider } from '../support/people.js';
import { type Replica, startReplica } from '../support/replica.js';
import { startService, urlOf } from '../support/service.js';
import { type Browser, launchChromium } from './chromium.js';
import { bundlePages } from './pages.js';
import { openVisit, type Visit } from './visit.js';

const here = fileURLToPath(new URL('..', import.meta.url));

/** Chromium in front of Hive Gateway with the bound signature, which is in front of the built service on PostgreSQL. */
export interface House {
  readonly browser: Browser;
  readonly people: IdentityProvider;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly signals: Replica;
  /** Settings of the service apart from how it trusts its callers. */
  readonly settings: Readonly<Record<string, string>>;
  /** Somebody new, at a site and in a browser profile of their own. */
  visit(): Promise<Visit>;
  /** Every visit so far. */
  readonly visits: readonly Visit[];
  /** The last that every process wrote, for whoever looks for the cause of a failure. */
  lastWords(): string;
  stop(): Promise<void>;
}

/** Starts everything, on free ports of 127.0.0.1. What was started is stopped again when something fails. */
export async function openHouse(say: (line: string) => void): Promise<House> {
  const owner = createOwner();
  const { own, stop } = owner;
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<House> {
    mkdirSync(join(here, '.tmp'), { recursive: true });
    const folder = mkdtempSync(join(here, '.tmp', 'run-'));
    owner.atTheEnd(async () => rmSync(folder, { recursive: true, force: true }));

    say('PostgreSQL, the service, Hive Gateway and Chromium …');
    const { url: databaseUrl, drop } = await createPostgresDatabase({ empty: true });
    owner.atTheEnd(drop);
    const database = own(openDatabase(databaseUrl));
    const people = own(await openIdentityProvider());
    const hmacSecret = `e2e-hmac-${randomUUID()}`;
    const settings = {
      DATABASE_URL: databaseUrl,
      SIGNALS_SALT_SECRET: `e2e-salt-${randomUUID()}`,
      SIGNALS_JWT_ISSUER: people.issuer,
      SIGNALS_JWT_AUDIENCE: people.audience,
      SIGNALS_JWKS_URL: people.jwksUrl,
      // Far away: limits are what scenarios make up.
      SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000',
    };
    const [signals, pages, browser] = await Promise.all([
      startReplica('signals', {
        ...settings,
        SIGNALS_AUTH: 'forwarded-claims',
        SIGNALS_GATEWAY_HMAC_SECRETS: hmacSecret,
        SIGNALS_CLIENT_IP_SOURCE: 'signed',
      }),
      bundlePages(),
      launchChromium(),
    ]);
    own(signals.child);
    own(browser);
    const neighbour = own(startService('calendar', {}));
    const supergraph = join(folder, 'supergraph.graphql');
    const calendar = `${await urlOf(neighbour)}/graphql`;
    writeFileSync(supergraph, composeSupergraph({ signals: `${signals.url}/graphql`, calendar }));
    const hive = own(
      startService('hive', {
        SUPERGRAPH: supergraph,
        JWKS_URL: people.jwksUrl,
        JWT_ISSUER: people.issuer,
        JWT_AUDIENCE: people.audience,
        GATEWAY_HMAC_SECRET: hmacSecret,
        CLIENT_IP: 'balancer',
      }),
    );
    const gateway = `${await urlOf(hive)}/graphql`;
    say(`Chromium ${browser.version()}`);

    const children: readonly Child[] = [signals.child, neighbour, hive];
    const visits: Visit[] = [];
    return {
      browser,
      people,
      database,
      databaseUrl,
      signals,
      settings,
      visits,
      async visit() {
        const visit = await openVisit({ browser, pages, person: await people.person(), gateway, database });
        visits.push(visit);
        return visit;
      },
      lastWords: () =>
        children.map(({ name, output }) => `--- ${name}\n${output().slice(-1_500)}`).join('\n'),
      stop,
    };
  }
}
