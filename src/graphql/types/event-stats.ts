import { limits, readingLimits } from '../../contract/index.js';
import type { StatsRefusal } from '../../domain/reading/ask.js';
import { badArgument } from '../arguments.js';
import type { Builder } from '../builder.js';
import { signedIn } from '../context.js';
import { answered, codedError } from '../errors.js';
import { refuseManyStats } from '../stats-in-request.js';
import { wantedStats } from '../wanted-stats.js';
import type { EventDimensionRef } from './event-dimension.js';
import { registerEventStatsAnswer } from './event-stats-answer.js';
import { registerEventStatsInput } from './event-stats-input.js';

/** The read side for admins: how much is used, by what, and whether that grows. */
export function registerEventStats(builder: Builder, EventDimension: EventDimensionRef): void {
  const EventStats = registerEventStatsAnswer(builder);
  const EventStatsInput = registerEventStatsInput(builder, EventDimension);
  builder.queryField('eventStats', (t) =>
    t.field({
      type: EventStats,
      description: `Counts events, visitors and sessions. Admins only. At most ${readingLimits.maxStatsPerRequest} times in one request.`,
      authScopes: { admin: true },
      args: { input: t.arg({ type: EventStatsInput, required: true }) },
      resolve: async (_root, { input }, context, info) => {
        refuseManyStats(context, info);
        const { statistics } = context.services;
        const answer = await answered(statistics.ask(input, wantedStats(info), signedIn(context)));
        if (!answer.ok) throw refusal(answer.error);
        return answer.value;
      },
    }),
  );
  registerEventStatsLimits(builder);
}

function refusal(why: StatsRefusal) {
  switch (why.kind) {
    case 'BAD_ARGUMENT':
      return badArgument(why.argument, why.problem);
    case 'FORBIDDEN':
      return codedError('FORBIDDEN');
    case 'TOO_EXPENSIVE': {
      const { estimatedRows, limit, narrow } = why;
      const sentence = `The question would read about ${estimatedRows} raw rows, and may read ${limit}.`;
      const advice = narrow.length > 0 ? ` Narrow ${narrow.join(', ')}.` : '';
      return codedError('QUERY_TOO_EXPENSIVE', sentence + advice, { estimatedRows, limit, narrow });
    }
  }
}

/** For dashboards, which can then offer only what is answered. */
function registerEventStatsLimits(builder: Builder): void {
  const values = {
    maxDays: readingLimits.maxStatsDays,
    maxTop: readingLimits.maxStatsTop,
    maxPoints: readingLimits.maxStatsPoints,
    maxFilterValues: limits.maxFilterValues,
    maxRowsRead: readingLimits.maxStatsRowsRead,
  };
  const EventStatsLimits = builder.objectRef<typeof values>('EventStatsLimits').implement({
    description: 'What one `eventStats` may ask for.',
    authScopes: { admin: true },
    fields: (t) => ({
      maxDays: t.exposeInt('maxDays', { description: 'Calendar days in a range.' }),
      maxTop: t.exposeInt('maxTop', { description: 'Rows shown.' }),
      maxPoints: t.exposeInt('maxPoints', { description: 'Rows times buckets, the comparison not counted.' }),
      maxFilterValues: t.exposeInt('maxFilterValues', { description: 'Values in one list of the filter.' }),
      maxRowsRead: t.expose('maxRowsRead', {
        type: 'SafeInt',
        description: 'Raw rows that may be read where the counts of days do not hold the answer.',
      }),
    }),
  });
  builder.queryField('eventStatsLimits', (t) =>
    t.field({
      type: EventStatsLimits,
      description: 'What one `eventStats` may ask for. Admins only.',
      authScopes: { admin: true },
      resolve: () => values,
    }),
  );
}
