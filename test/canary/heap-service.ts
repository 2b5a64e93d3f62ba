// A whole service in a process of its own, which writes down its heap when it is told to. Run by heap.test.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';
import { createApp } from '../../src/app/create-app.js';
import { settingFiles } from '../../src/app/setting-files.js';
import { migrationsDir } from '../../src/app/stores.js';
import { loadConfig } from '../../src/config/index.js';
import { createLog } from '../../src/observability/log.js';
import { openStore } from '../../src/store/open-store.js';
import { type HeapOrder, type HeapReport, templateName } from './heap-orders.js';

const loaded = loadConfig(process.env, settingFiles);
if (!loaded.ok) throw new Error(loaded.error.join('\n'));
const log = createLog({ level: 'debug' });
const clock = { now: () => new Date() };
const store = await openStore({
  template: new Blob([readFileSync(join(loaded.value.dataDir, templateName))]),
  migrationsDir: migrationsDir(),
  log,
  clock,
});
const app = await createApp(loaded.value, { log, clock, fetch, store });
/** What is kept on purpose, so that a search which finds nothing can be told from one that cannot find. */
const kept: string[] = [];

process.on('message', (order: HeapOrder) => void obey(order).then(report));
report({ url: await app.server.listen(0, '127.0.0.1') });

async function obey(order: HeapOrder): Promise<HeapReport> {
  if (order.kind === 'keep') kept.push(order.text);
  if (order.kind === 'keep a slice') kept.push(order.text.slice(0, 30));
  if (order.kind === 'write the heap') {
    await untilIdle();
    writeHeapSnapshot(order.path);
  }
  return { done: order.kind };
}

function report(news: HeapReport): void {
  process.send?.(news);
}

/** Waits until no connection is open, and collects garbage until nothing is left that only waits for it. */
async function untilIdle(): Promise<void> {
  while (process.getActiveResourcesInfo().includes('TCPSocketWrap')) await setTimeout(20);
  // V8 keeps unused shapes of objects, and with them names of keys, for two collections more.
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    await setTimeout(50);
  }
}
