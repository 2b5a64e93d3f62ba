// What one event costs on its way through the pipeline, step by step, without HTTP and without a database.

import { developmentKey } from '../../../src/app/embedded/credentials.js';
import { createJwksFromKeys, createTokenVerifier } from '../../../src/auth/index.js';
import { anonymise } from '../../../src/domain/ingest/anonymise.js';
import { ingestSteps } from '../../../src/domain/ingest/steps/index.js';
import {
  eventId,
  hashSession,
  rateLimitKey,
  visitorHash,
} from '../../../src/domain/privacy/identity/hashes.js';
import { daySalt } from '../../../src/domain/privacy/identity/salt.js';
import { createUserAgentReader } from '../../../src/domain/privacy/user-agent/user-agent.js';
import { tokensOf } from '../signals-server.js';
import { answerJobs } from './answer.js';
import type { StepCost } from './jobs.js';
import { createSamples, type Sample } from './pipeline.js';

interface Measure {
  readonly name: string;
  /** Works on every sample, or on as many as it says. */
  readonly run: () => unknown;
  readonly events: number;
}

/** Long enough that neither the timer's resolution nor one collection of garbage decides. */
const leastRoundMs = 25;

answerJobs<'steps'>(async ({ rounds, catalogueText, dataDir }) => {
  const measures = [...pipelineMeasures(catalogueText), await tokenMeasure(dataDir)];
  const costs = measures.map((measure) => ({ measure, micros: [] as number[] }));
  for (const { run } of measures) await run();
  // Round by round and not measure by measure, so that a disturbance hits all of them alike.
  for (let round = 0; round < rounds; round++) {
    for (const { measure, micros } of costs) micros.push(await microsOf(measure));
  }
  return costs.map(({ measure, micros }): StepCost => ({ name: measure.name, micros }));
});

async function microsOf({ run, events }: Measure): Promise<number> {
  const startedAt = performance.now();
  let runs = 0;
  let spent = 0;
  while (spent < leastRoundMs) {
    const result = run();
    if (result instanceof Promise) await result;
    runs++;
    spent = performance.now() - startedAt;
  }
  return (spent * 1_000) / (runs * events);
}

function pipelineMeasures(catalogueText: string): readonly Measure[] {
  const { samples, keys, deps, track } = createSamples(catalogueText);
  const each = (name: string, work: (sample: Sample) => unknown): Measure => ({
    name,
    events: samples.length,
    run: () => {
      for (const sample of samples) work(sample);
    },
  });
  const eachAsync = (name: string, work: (sample: Sample) => Promise<unknown>): Measure => ({
    name,
    events: samples.length,
    run: async () => {
      for (const sample of samples) await work(sample);
    },
  });
  const salt = keys.saltOf('2026-11-21');
  const readCold = createUserAgentReader({ cacheSize: 0 });
  const callOf = ({ call, input }: Sample, events = [input]) => ({
    ...{ author: call.author, origin: call.origin, events, receivedAt: call.receivedAt },
    sentAt: null,
    deriveIds: false,
  });
  const [first] = samples;
  const fifty = samples.slice(0, 50).map(({ input }) => input);

  return [
    each('`JSON.parse` of the event', ({ body }) => JSON.parse(body)),
    each('user agent, not seen before', ({ call }) => readCold(call.origin.userAgent)),
    each('user agent, remembered', ({ call }) => deps.readVisitor(call.origin.userAgent)),
    eachAsync('charge the allowance', ({ call }) =>
      deps.limiter.take(rateLimitKey(salt, call.author.subject), 1),
    ),
    ...ingestSteps.steps.map(({ name, run }) =>
      // A sample has been through every step, so it has what each of them needs.
      each(`\`${name}\``, ({ event, call }) => run(event as never, call)),
    ),
    each('all steps in a row', ({ input, call }) => ingestSteps.run(input, call)),
    each('`anonymise` (three hashes among it)', ({ event, call }) => anonymise(event, call, keys, 'network')),
    each('HMAC: event id', ({ event, call }) =>
      eventId(keys.secret, call.author.subject, event.clientEventId),
    ),
    each('HMAC: visitor', ({ event, call }) =>
      visitorHash(salt, {
        host: event.host,
        ip: call.origin.ip ?? '',
        userAgent: call.visitor.userAgentDigest,
      }),
    ),
    each('HMAC: session', ({ event }) => hashSession(salt, event.sessionId ?? '')),
    each('HMAC: salt of the day (once a day)', () => daySalt(keys.secret, '2026-11-21')),
    eachAsync('whole write path without a store, one event a call', (sample) => track(callOf(sample))),
    {
      name: 'whole write path without a store, 50 events a call',
      events: fifty.length,
      run: () => first && track(callOf(first, fifty)),
    },
  ];
}

/** Once a request, not once an event. After the first round the tokens are known ones, as most of a service's are. */
async function tokenMeasure(dataDir: string): Promise<Measure> {
  const tokens = await tokensOf({ engine: 'PGlite', dataDir, databaseUrl: null }, 20);
  const verifier = createTokenVerifier({
    keys: createJwksFromKeys(developmentKey(dataDir).publicJwks),
    clock: { now: () => new Date() },
  });
  return {
    name: 'verify a token (ES256), once a request',
    events: tokens.length,
    run: async () => {
      for (const token of tokens) {
        const { ok } = await verifier.verify(token);
        if (!ok) throw new Error('the sample token was refused');
      }
    },
  };
}
