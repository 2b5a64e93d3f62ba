import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../../generated/prisma/client.js';
import { forgetful } from './forgetful-adapter.js';

export type { PrismaClient } from '../../generated/prisma/client.js';

/** Prisma over an engine's connections, for reading. Logs and keeps nothing: its messages quote arguments. */
export function createPrismaClient(adapter: SqlDriverAdapterFactory): PrismaClient {
  return new PrismaClient({ adapter: forgetful(adapter), log: [], errorFormat: 'minimal' });
}
