import type { Step } from '../draft.js';
import { planOf } from '../draft.js';

/** Only apps of the catalogue. */
export const rejectUnknownApp: Step = {
  name: 'rejectUnknownApp',
  run: (draft, call) => (call.catalogue.apps.has(draft.input.appName) ? null : 'UNKNOWN_APP'),
};

/** Only event types of the catalogue, on an app that has them. The version is checked with the properties. */
export const rejectUnknownEventType: Step = {
  name: 'rejectUnknownEventType',
  run(draft, call) {
    const plan = call.catalogue.eventTypes.get(draft.input.eventType);
    if (!plan?.apps.includes(draft.input.appName)) return 'UNKNOWN_EVENT_TYPE';
    const version = draft.input.eventVersion;
    if (version != null && !plan.versions.includes(version)) return 'UNKNOWN_EVENT_TYPE';
    draft.plan = plan;
    return null;
  },
};

/** The catalogue's switch. */
export const dropDisabled: Step = {
  name: 'dropDisabled',
  run: (draft) => (planOf(draft).enabled ? null : 'DISABLED'),
};
