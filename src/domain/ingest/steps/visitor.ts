import type { EventTypePlan } from '../../catalogue.js';
import { type Nothing, nothing, type Step } from '../pipeline.js';
import { drop } from '../refusal.js';

/** Crawlers and scripts. A server emitter's user agent is its HTTP client's and says nothing. */
export const dropBots: Step<object, Nothing> = {
  name: 'dropBots',
  run: (_event, { visitor, author }) => (visitor.isBot && !author.isService ? drop('BOT') : nothing),
};

/** Staff and test users. */
export const dropInternalUsers: Step<object, Nothing> = {
  name: 'dropInternalUsers',
  run: (_event, { policy, author }) => (policy.isInternal(author) ? drop('INTERNAL_USER') : nothing),
};

/** Sec-GPC and DNT: counted without anything that tells events of one visitor from another's, or not at all. */
export const dropOptedOut: Step<{ plan: EventTypePlan }, { optedOut: boolean }> = {
  name: 'dropOptedOut',
  run({ plan }, { origin }) {
    if (!origin.optedOut) return { optedOut: false };
    switch (plan.gpc) {
      case 'drop':
        return drop('OPTED_OUT');
      case 'anonymise':
        return { optedOut: true };
    }
  },
};
