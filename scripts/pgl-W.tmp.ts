import { readFileSync } from 'node:fs';
import { openPglite } from '/tmp/wt-W/src/store/pglite/pglite.js';
import { countDay } from '/tmp/wt-W/src/store/sql/stats/count-day.js';

const e = await openPglite({ clock: { now: () => new Date() } });
for (const m of ['20261121000000_init', '20261128000000_unlinkable_rows', '20261128120000_statistics'])
  await e.client.exec(readFileSync(`/tmp/wt-W/prisma/migrations/${m}/migration.sql`, 'utf8'));
await e.client.exec(`INSERT INTO event_dimensions SELECT n, current_date, 1, 'app' || n % 5, 'type' || n % 7, '1.' || n % 3, 'web', '/route/' || n % 60, NULL, 'desktop', 'Firefox' || n % 4, 'Linux' || n % 3 FROM generate_series(0, 2000) n;
INSERT INTO events SELECT timestamptz '2026-11-20' + n * interval '1 second', floor(2000 * power(random(), 3)), NULL, gen_random_uuid(), gen_random_uuid(), n % 6, decode(md5('visitor' || floor(random()*4000)), 'hex'), decode(md5('session' || floor(random()*8000)), 'hex'), CASE WHEN n % 10 = 0 THEN 'entity-' || n % 1000 END, ('{"status":200,"ms":' || floor(random()*10000) || '}')::json FROM generate_series(1, ${process.argv[2] ?? 66000}) n`);
for (let i = 0; i < 2; i++) {
  const t0 = performance.now();
  await e.snapshot('work', (query) =>
    countDay(
      async (s) => {
        const t = performance.now();
        const r = await query(s);
        console.log(Math.round(performance.now() - t), s.text.slice(0, 60).replace(/\n/g, ' '));
        return r;
      },
      { day: '2026-11-20', start: new Date('2026-11-20T00:00:00Z'), end: new Date('2026-11-21T00:00:00Z') },
    ),
  );
  console.log('total', Math.round(performance.now() - t0));
}
await e.close();
