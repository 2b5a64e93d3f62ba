import type { BenchContext, Engine, Home } from '../bench-context.js';
import { freePort } from '../processes.js';
import type { SignalsServer } from '../signals-server.js';
import type { LoadResult } from '../workers/jobs.js';

/** Events of one `trackEvents` request. */
export const batchSize = 50;

/** A table that load ends up in. */
export interface Kept {
  readonly what: string;
  readonly table: 'events' | 'bench_events';
  readonly home: Home;
}

/** Something that takes load: one row of the table. */
export interface Target {
  readonly name: string;
  /** The Signals that is measured; null: something to compare it with. */
  readonly home: Home | null;
  /** Where every acknowledged event must be a row; null: nothing is stored. */
  readonly keptIn: Kept | null;
  readonly load: (connections: number, rampMs: number, measureMs: number) => Promise<LoadResult>;
}

export const names = {
  one: (engine: Engine) => `\`trackEvent\`, ${engine}`,
  batch: (engine: Engine) => `\`trackEvents\` of ${batchSize}, ${engine}`,
  yoga: 'stock Yoga, no database',
  insert: 'bare `INSERT`',
  echo: '`node:http` echo',
} as const;

/** A Signals that runs, with tokens for its callers. */
export interface RunningHome {
  readonly home: Home;
  readonly server: SignalsServer;
  readonly tokens: readonly string[];
}

/** Every target, in the order in which they take turns: ours stand between what they are compared with. */
export async function createTargets(
  context: BenchContext,
  running: readonly RunningHome[],
): Promise<readonly Target[]> {
  const { processes } = context;
  const keepers = new Map(
    running.map(({ home }): [Home, Kept] => [home, { what: home.engine, table: 'events', home }]),
  );
  const kept = (home: Home): Kept | null => keepers.get(home) ?? null;
  const postgres = running.find(({ home }) => home.databaseUrl !== null)?.home;
  const databaseUrl = postgres?.databaseUrl;
  const client = processes.worker('http-load');
  const tokens = running[0]?.tokens ?? [];
  const http = (port: number, batch: number | null, use = tokens) => ({
    load: (connections: number, rampMs: number, measureMs: number) =>
      client.run({
        ...{ port, batch, connections, rampMs, measureMs, tokens: use },
        kind: 'page_viewed',
        maxEvents: null,
      }),
  });
  const yoga = await processes
    .worker('yoga-server', { NODE_ENV: 'production' })
    .run({ port: await freePort() });
  const echo = await processes.worker('echo-server').run({ port: await freePort() });
  const inserts = processes.worker('insert-load');
  return [
    { name: names.echo, home: null, keptIn: null, ...http(echo, null) },
    { name: names.yoga, home: null, keptIn: null, ...http(yoga, null) },
    ...running.map(({ home, server, tokens: own }) => ({
      name: names.one(home.engine),
      home,
      keptIn: kept(home),
      ...http(server.port, null, own),
    })),
    ...(postgres && databaseUrl
      ? [
          {
            name: names.insert,
            home: null,
            keptIn: { what: names.insert, table: 'bench_events' as const, home: postgres },
            load: (connections: number, rampMs: number, measureMs: number) =>
              inserts.run({ databaseUrl, connections, rampMs, measureMs }),
          },
        ]
      : []),
    ...running.map(({ home, server, tokens: own }) => ({
      name: names.batch(home.engine),
      home,
      keptIn: kept(home),
      ...http(server.port, batchSize, own),
    })),
  ];
}
