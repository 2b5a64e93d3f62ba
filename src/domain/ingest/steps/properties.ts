import { limits } from '../../../contract/index.js';
import { measureJson } from '../../privacy/json-shape.js';
import { findPii } from '../../privacy/pii.js';
import { planOf, type Step } from '../draft.js';

/** Depth, keys, bytes and text, before anything else looks at the value. */
export const rejectMisshapenProperties: Step = {
  name: 'rejectMisshapenProperties',
  run(draft) {
    const { properties } = draft.input;
    if (properties == null) return null;
    const measured = measureJson(properties, {
      maxBytes: planOf(draft).maxBytes,
      maxDepth: limits.maxPropertiesDepth,
      maxKeys: limits.maxPropertiesKeys,
    });
    return measured.ok ? null : measured.reason;
  },
};

/** Personal data by key or by value, declared or not: looked for before anything is cut off. */
export const rejectPii: Step = {
  name: 'rejectPii',
  run: (draft) => (draft.input.properties == null ? null : (findPii(draft.input.properties)?.reason ?? null)),
};

/** What the event type declares stays, in the form that it declares. */
export const putProperties: Step = {
  name: 'putProperties',
  run(draft) {
    const checked = planOf(draft).checkProperties(draft.input.eventVersion ?? null, draft.input.properties);
    if (!checked.ok) return checked.reason;
    draft.version = checked.version;
    draft.properties = checked.properties;
    draft.cutProperties = checked.cut;
    return null;
  },
};
