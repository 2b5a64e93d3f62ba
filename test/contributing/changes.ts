/** What somebody who follows a recipe writes: a new file, or one place in a file that is there. */
export type Change =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly after: string; readonly insert: string };

export interface Walk {
  /** The recipe, by its first column. */
  readonly recipe: string;
  readonly changes: readonly Change[];
}

/** One addition of each kind that is added most often. */
export const walks: readonly Walk[] = [
  {
    recipe: 'an event type, an app, an entity type',
    changes: [
      {
        file: 'examples/catalogue.json',
        after: '"eventTypes": {\n',
        insert:
          '    "recipe_followed": {\n      "description": "Somebody followed a recipe.",\n      "owner": "journeys",\n      "apps": ["journeys-admin"]\n    },\n',
      },
      {
        file: 'test/catalogue/example-catalogue.test.ts',
        after: 'const plan = `\n',
        insert: 'journeys-admin recipe_followed any\n',
      },
    ],
  },
  {
    recipe: 'a user-agent bucket',
    changes: [
      {
        file: 'src/domain/privacy/user-agent/ua-buckets.ts',
        after: "'Linux', 'ChromeOS', ",
        insert: "'NetBSD', ",
      },
      {
        file: 'src/domain/privacy/user-agent/ua-buckets.ts',
        after: "  [/^Chromium OS$/, 'ChromeOS'],\n",
        insert: "  [/^NetBSD$/, 'NetBSD'],\n",
      },
      { file: 'docs/privacy.md', after: 'Linux, ChromeOS, ', insert: 'NetBSD, ' },
      {
        file: 'test/golden/ua-corpus.tsv',
        after: '# Windows and Linux desktops\n',
        insert:
          'desktop\tFirefox\tNetBSD\tMozilla/5.0 (X11; NetBSD amd64; rv:143.0) Gecko/20100101 Firefox/143.0\n',
      },
    ],
  },
  {
    recipe: 'a metric',
    changes: [
      {
        file: 'src/observability/metrics.ts',
        after: 'export const metricCatalogue = {\n',
        insert:
          "  signals_recipes_followed_total: { help: 'Recipes that were followed.', labels: ['outcome'] },\n",
      },
    ],
  },
  {
    recipe: 'a setting',
    changes: [
      {
        file: 'src/config/settings.ts',
        after: 'export const settingsByKey = {\n',
        insert:
          "  recipeSteps: {\n    name: 'SIGNALS_RECIPE_STEPS',\n    meaning: 'Most steps of a recipe.',\n    ...whole(10, 2, 20),\n  },\n",
      },
    ],
  },
  {
    recipe: 'a job',
    changes: [
      {
        file: 'jobs/count-events.ts',
        text: `import type { Clock, EventRetention } from '../src/domain/ports/index.js';
import type { JobWork } from './job.js';

export interface CountEventsNeeds {
  readonly retention: EventRetention;
  readonly clock: Clock;
}

/** Counts the events that are stored. */
export function createCountEvents({ retention, clock }: CountEventsNeeds): JobWork {
  return async () => ({ events: await retention.countBefore(clock.now()) });
}
`,
      },
      {
        file: 'jobs/index.ts',
        after: '',
        insert: "import { createCountEvents } from './count-events.js';\n",
      },
      {
        file: 'jobs/index.ts',
        after: 'export const jobs = {\n',
        insert:
          "  'count-events': {\n    cron: '5 4 * * *',\n    description: 'Counts the events that are stored.',\n    create: createCountEvents,\n  },\n",
      },
      {
        file: 'test/jobs/count-events.test.ts',
        text: `import { expect, it } from 'vitest';
import { createCountEvents } from '../../jobs/count-events.js';
import { createMemoryStore } from '../../src/store/memory/memory-store.js';

it('counts what is stored', async () => {
  const work = createCountEvents({
    retention: createMemoryStore(),
    clock: { now: () => new Date('2026-11-28T00:00:00Z') },
  });
  expect(await work({ dryRun: false, stopped: () => false })).toEqual({ events: 0 });
});
`,
      },
    ],
  },
];

/** A test that is put beside the changes: each of the five does what its recipe promises. */
export const proof = {
  file: 'test/recipes-proof.test.ts',
  text: `import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createJob } from '../jobs/index.js';
import { parseCatalogue } from '../src/catalogue/index.js';
import { type Config, loadConfig } from '../src/config/index.js';
import { createUserAgentReader } from '../src/domain/privacy/user-agent/user-agent.js';
import { createMetrics } from '../src/observability/metrics.js';

it('the event type is on the allowlist, in the docs and in the types', () => {
  const parsed = parseCatalogue(readFileSync('examples/catalogue.json', 'utf8'), {});
  expect(parsed.ok && parsed.value.eventTypes.has('recipe_followed')).toBe(true);
  expect(readFileSync('docs/catalogue.md', 'utf8')).toContain('recipe_followed');
  expect(readFileSync('test/golden/example-events.ts.txt', 'utf8')).toContain('recipe_followed');
});

it('the bucket is found', () => {
  const agent = 'Mozilla/5.0 (X11; NetBSD amd64; rv:143.0) Gecko/20100101 Firefox/143.0';
  expect(JSON.stringify(createUserAgentReader({ cacheSize: 1 })(agent))).toContain('NetBSD');
});

it('the metric is counted and shown', async () => {
  const metrics = createMetrics();
  metrics.count('signals_recipes_followed_total', { outcome: 'done' });
  expect(await metrics.render()).toContain('signals_recipes_followed_total{outcome="done"} 1');
});

it('the setting has its default, its type and its bounds', () => {
  const read = (env: Record<string, string>) => loadConfig(env, { read: () => '', isOpenToOthers: () => false });
  const loaded = read({});
  const steps: Config['recipeSteps'] | null = loaded.ok ? loaded.value.recipeSteps : null;
  expect(steps).toBe(10);
  expect(JSON.stringify(read({ SIGNALS_RECIPE_STEPS: '1' }))).toContain('SIGNALS_RECIPE_STEPS');
});

it('the job is in the table', () => {
  expect(createJob).toBeTypeOf('function');
  expect(readFileSync('docs/operations.md', 'utf8')).toContain('count-events');
});
`,
};
