// What the database alone can do when every event is an INSERT and a commit of its own, without HTTP before it.
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { answerJobs } from './answer.js';
import { startMeter } from './meter.js';

const text = `INSERT INTO bench_events
  (created_at, dimension_id, occurred_at, id, client_event_id, seq, user_hash, session_hash, entity_id, properties)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)`;

answerJobs<'insert-load'>(async (job) => {
  const clients = await Promise.all(
    Array.from({ length: job.connections }, async () => {
      const client = new pg.Client({ connectionString: job.databaseUrl });
      await client.connect();
      return client;
    }),
  );
  const meter = startMeter(job.rampMs, job.measureMs);
  await Promise.all(
    clients.map(async (client) => {
      let count = 0;
      let row = visit();
      while (meter.open()) {
        if (count % 6 === 0) row = visit();
        const values = [...rowOf(count++), ...row];
        const sentAt = performance.now();
        const { rowCount } = await client.query({ name: 'bench_insert', text, values });
        meter.answered(sentAt, rowCount ?? 0);
      }
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
  return meter.result();
});

/** Time, dimension, time, id, client event id, sequence number. */
function rowOf(count: number): unknown[] {
  const now = new Date();
  return [now, count % 200, now, randomUUID(), randomUUID(), count % 6];
}

/** Visitor, session and properties. */
function visit(): unknown[] {
  return [randomBytes(16), randomBytes(16), '{"status":200,"referrerHost":"search.example"}'];
}
