import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as tokenCommand } from '../../../src/cli/token.js';
import type { OpenedStore } from '../../../src/store/open-store.js';
import { createTestApp } from '../../../test/support/app.js';
import type { Person } from './people.js';

/** The real server on a free port, with the simulation's clock and a secret that is the same in every run. */
export interface SimulatedServer {
  readonly url: string;
  readonly secret: Uint8Array;
  tokenOf(person: Pick<Person, 'name' | 'program'>): string;
  close(): Promise<void>;
}

const saltSecret = 'linkage-0123456789-abcdefghij-KLMNOPQRST';
const roles: Readonly<Record<string, readonly string[]>> = { server: ['service'], import: ['backfill'] };

/** The store stays open when the server is closed. */
export async function startServer(
  store: OpenedStore,
  zone: string,
  now: () => number,
  people: readonly Pick<Person, 'name' | 'program'>[],
): Promise<SimulatedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'signals-linkage-'));
  const env = {
    SIGNALS_DATA_DIR: folder,
    SIGNALS_DAY_ZONE: zone,
    SIGNALS_SALT_SECRET: saltSecret,
    SIGNALS_CLIENT_IP_SOURCE: 'xff',
    // Simulated days pass in seconds, and the limit counts real minutes.
    SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000',
  };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const app = await createTestApp({ store, env, now: () => new Date(now()) });
    const tokens = new Map<string, string>();
    for (const person of people) tokens.set(person.name, await makeToken(env, now(), person));
    return {
      url: app.url,
      secret: Buffer.from(saltSecret, 'utf8'),
      tokenOf: ({ name }) => tokens.get(name) ?? '',
      async close() {
        await app.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function makeToken(
  env: Readonly<Record<string, string>>,
  now: number,
  { name, program }: Pick<Person, 'name' | 'program'>,
): Promise<string> {
  let text = '';
  const collect = { write: (part: string) => (text += part) };
  const argv = ['--sub', name, '--ttl', '90d', ...(roles[program] ?? []).flatMap((role) => ['--role', role])];
  const code = await tokenCommand(argv, {
    env,
    stdout: collect,
    stderr: collect,
    fetch,
    now: () => new Date(now),
  });
  if (code !== 0) throw new Error(text);
  return text.trim();
}
