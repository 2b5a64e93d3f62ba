import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../support/postgres-server.js';
import { redisIsHere, startRedis } from '../../support/redis.js';
import { buildService } from '../service.js';
import type { Field } from './attack.js';
import { createKeys } from './keys.js';
import { connectTo, sender } from './target.js';

/** The service as built, a PostgreSQL and a Redis: what the attacks need. Close it whatever happens. */
export async function openField(): Promise<Field & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'signals-attacks-'));
  const postgres = await startPostgres();
  if (!postgres) throw new Error('the attacks need PostgreSQL, and there are no binaries of it');
  const redis = redisIsHere() ? await startRedis() : null;
  const service = await buildService();
  const salt = randomBytes(32).toString('hex');
  let started = 0;
  return {
    databaseUrl: postgres.url,
    redisUrl: redis?.url ?? null,
    async start({ env = {} } = {}) {
      const own = mkdtempSync(join(folder, `${started++}-`));
      const keys = await createKeys(own);
      const running = await service.start({
        DATABASE_URL: postgres.url,
        SIGNALS_SALT_SECRET: salt,
        SIGNALS_DATA_DIR: own,
        SIGNALS_CLIENT_IP_SOURCE: 'xff',
        SIGNALS_RATE_LIMIT_PER_MINUTE: '10000000',
        SIGNALS_LOG_LEVEL: 'info',
        ...keys.env,
        ...env,
      });
      if (running.url === '') throw new Error(`the service did not start: ${running.output()}`);
      const url = new URL(running.url);
      return {
        url,
        keys,
        pid: running.child.pid ?? 0,
        output: running.output,
        send: sender(url),
        connect: () => connectTo(url),
        async stop() {
          running.child.kill('SIGKILL');
          await running.ended;
        },
      };
    },
    async close() {
      service.remove();
      await redis?.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
