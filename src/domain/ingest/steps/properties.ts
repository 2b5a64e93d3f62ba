import { type JsonObject, limits } from '../../../contract/index.js';
import type { EventTypePlan } from '../../catalogue.js';
import { harmlessPointer } from '../../privacy/pii/harmless-pointer.js';
import { findPii } from '../../privacy/pii/pii.js';
import { measureJson } from '../../privacy/shape/json-shape.js';
import { type Nothing, nothing, type SentEvent, type Step } from '../pipeline.js';
import { reject } from '../refusal.js';

type Planned = SentEvent & { readonly plan: EventTypePlan };

/** Depth, keys, bytes and text, before anything else looks at the value. */
export const rejectMisshapenProperties: Step<Planned, Nothing> = {
  name: 'rejectMisshapenProperties',
  run({ input: { properties }, plan }) {
    if (properties == null) return nothing;
    const measured = measureJson(properties, {
      maxBytes: plan.maxBytes,
      maxDepth: limits.maxPropertiesDepth,
      maxKeys: limits.maxPropertiesKeys,
    });
    if (measured.ok) return nothing;
    const { reason, path, rule } = measured.error;
    return reject(reason, `/properties${harmlessPointer(path)}`, rule);
  },
};

/** Personal data by key or by value, declared or not: looked for before anything is cut off. */
export const rejectPii: Step<SentEvent, Nothing> = {
  name: 'rejectPii',
  run({ input: { properties } }) {
    const found = properties == null ? null : findPii(properties);
    return found ? reject(found.reason, `/properties${found.path}`, found.rule) : nothing;
  },
};

/** What the event type declares stays, in the form that it declares. */
export const putProperties: Step<
  Planned,
  { version: number; properties: JsonObject | null; cutProperties: number; firstCut: string | null }
> = {
  name: 'putProperties',
  run({ input: { eventVersion, properties }, plan }) {
    const checked = plan.checkProperties(eventVersion ?? null, properties);
    if (!checked.ok) {
      const { reason, path, rule } = checked.error;
      return reject(reason, reason === 'UNKNOWN_EVENT_TYPE' ? '/eventVersion' : `/properties${path}`, rule);
    }
    const { version, properties: kept, cut, firstCut } = checked.value;
    return {
      version,
      properties: kept,
      cutProperties: cut,
      firstCut: firstCut === null ? null : `/properties${firstCut}`,
    };
  },
};
