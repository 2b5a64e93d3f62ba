import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.js';
import { each, numbers, residentMegabytes } from './process-figures.js';

/** What is right, what does not fit the schema, what does not parse, and what is all comment. */
const shapes: readonly ((name: string) => string)[] = [
  (name) => `{ ${name}: __typename }`,
  (name) => `{ ${name} }`,
  (name) => `{ __typename(${name}`,
  (name) => `{ __typename } # ${name}`,
];

/** Different documents, each as large as a body may be, from nobody. */
export const documents: Attack = {
  name: '500 documents of 1 MB without a token: memory in MB',
  before: '160 → 260',
  promised: 'at most 100 more for good',
  async run(field) {
    const target = await field.start();
    try {
      await target.send({ body: { query: '{ __typename }' } });
      const first = residentMegabytes(target.pid);
      const name = 'a'.repeat(1_000_000);
      await each(numbers(500), 8, (n) =>
        target.send({ body: { query: shapes[n % shapes.length]?.(name + n) } }),
      );
      await sleep(3_000);
      const last = residentMegabytes(target.pid);
      const service = await target.send({ body: { query: '{ _service { sdl } }' } });
      const served = service.text.includes('AnalyticsEvent');
      const note = served ? '' : ', and `_service` does not answer any more';
      return { figure: `${first} → ${last}${note}`, holds: served && last - first < 100 };
    } finally {
      await target.stop();
    }
  },
};
