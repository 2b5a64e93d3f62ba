import { isObject, type TrackReason, type TrackRule } from '../../../contract/index.js';
import type { EventTypePlan } from '../../catalogue.js';
import { type Nothing, nothing, type SentEvent, type Step } from '../pipeline.js';
import { drop, reject } from '../refusal.js';

/** Only apps of the catalogue. What is no object, as over REST it may be, names none. */
export const rejectUnknownApp: Step<SentEvent, { appName: string }> = {
  name: 'rejectUnknownApp',
  run({ input }, { catalogue }) {
    if (!isObject(input)) return reject('UNKNOWN_APP', '', 'type');
    const { appName } = input;
    if (catalogue.apps.has(appName)) return { appName };
    return unknownName('UNKNOWN_APP', '/appName', appName);
  },
};

/** Only event types of the catalogue, on an app that has them. The version is checked with the properties. */
export const rejectUnknownEventType: Step<SentEvent & { appName: string }, { plan: EventTypePlan }> = {
  name: 'rejectUnknownEventType',
  run({ input: { eventType, eventVersion }, appName }, { catalogue }) {
    const plan = catalogue.eventTypes.get(eventType);
    if (!plan) return unknownName('UNKNOWN_EVENT_TYPE', '/eventType', eventType);
    if (!plan.apps.includes(appName)) return reject('UNKNOWN_EVENT_TYPE', '/eventType', 'app');
    if (eventVersion != null && !plan.versions.includes(eventVersion))
      return reject(
        'UNKNOWN_EVENT_TYPE',
        '/eventVersion',
        typeof eventVersion === 'number' ? 'unknown' : 'type',
      );
    return { plan };
  },
};

/** The catalogue's switch. */
export const dropDisabled: Step<{ plan: EventTypePlan }, Nothing> = {
  name: 'dropDisabled',
  run: ({ plan }) => (plan.enabled ? nothing : drop('DISABLED')),
};

/** Over REST a name may be missing or be no text at all. */
function unknownName(reason: TrackReason, field: string, name: unknown) {
  const rule: TrackRule =
    name == null || name === '' ? 'required' : typeof name === 'string' ? 'unknown' : 'type';
  return reject(reason, field, rule);
}
