import { planOf, type Step } from '../draft.js';

/** Crawlers and scripts. A server emitter's user agent is its HTTP client's and says nothing. */
export const dropBots: Step = {
  name: 'dropBots',
  run: (_draft, call) => (call.visitor.isBot && !call.author.isService ? 'BOT' : null),
};

/** Staff and test users. */
export const dropInternalUsers: Step = {
  name: 'dropInternalUsers',
  run: (_draft, call) => (call.policy.isInternal(call.author) ? 'INTERNAL_USER' : null),
};

/** Sec-GPC and DNT: counted without visitor and session, or not at all, as the catalogue says. */
export const dropOptedOut: Step = {
  name: 'dropOptedOut',
  run(draft, call) {
    if (!call.origin.optedOut) return null;
    if (planOf(draft).gpc === 'drop') return 'OPTED_OUT';
    draft.anonymous = true;
    return null;
  },
};
