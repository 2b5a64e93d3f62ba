import { limits } from '../../../contract/index.js';
import { findPii } from '../../privacy/pii.js';
import { toRouteTemplate } from '../../privacy/route-template.js';
import { isCleanText } from '../../privacy/text.js';
import { planOf, type Step } from '../draft.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const nilUuid = '00000000-0000-0000-0000-000000000000';

/** The UUID in lower case, or null. RFC 9562 text form only; the nil UUID names nothing. */
export function toUuid(text: unknown): string | null {
  if (typeof text !== 'string' || text.length !== 36) return null;
  const lower = text.toLowerCase();
  return uuid.test(lower) && lower !== nilUuid ? lower : null;
}

/** Any letter case is one id; without one it is derived from author and content, where that is allowed. */
export const putClientEventId: Step = {
  name: 'putClientEventId',
  run(draft, call) {
    const sent = draft.input.clientEventId;
    const id =
      sent == null && call.deriveClientEventId ? call.deriveClientEventId(draft.input) : toUuid(sent);
    if (!id) return 'INVALID_CLIENT_EVENT_ID';
    draft.clientEventId = id;
    return null;
  },
};

// Labels are versions and channel names: a grammar that has no room for an e-mail address or free text.
const label = /^[A-Za-z0-9][A-Za-z0-9 ._+/-]*$/;
// A host name, an IPv4 address or a bracketed IPv6 address, with an optional port. It is hashed, never stored.
const hostName = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** `appVersion`, `source` and `host`. */
export const putLabels: Step = {
  name: 'putLabels',
  run(draft) {
    const { appVersion, source, host } = draft.input;
    if (!isLabel(appVersion) || !isLabel(source)) return 'INVALID_TEXT';
    if (host != null && host !== '') {
      if (typeof host !== 'string' || host.length > limits.maxHostLength || !hostName.test(host))
        return 'INVALID_TEXT';
    }
    const pii = findPii({
      appVersion: looksNumeric(appVersion) ? null : (appVersion ?? null),
      source: source ?? null,
    });
    if (pii) return 'PII_VALUE';
    draft.appVersion = appVersion || null;
    draft.source = source || null;
    draft.host = (host ?? '').toLowerCase();
    return null;
  },
};

function isLabel(text: unknown): text is string | null | undefined {
  if (text == null || text === '') return true;
  return typeof text === 'string' && text.length <= limits.maxLabelLength && label.test(text);
}

/** `1.2.3.4` is an address to a scanner and a version to everybody else. */
function looksNumeric(text: string | null | undefined): boolean {
  return text != null && /^v?\d+(\.\d+){0,3}$/.test(text);
}

/** Type and id come together, the type is known and fits the event, the id has the type's format and is no personal data. */
export const putEntity: Step = {
  name: 'putEntity',
  run(draft, call) {
    const plan = planOf(draft);
    const type = draft.input.entityType || null;
    const id = draft.input.entityId === '' ? null : (draft.input.entityId ?? null);
    if (type === null && id === null) return plan.entityRequired ? 'INVALID_ENTITY' : null;
    const entityType = type === null ? undefined : call.catalogue.entityTypes.get(type);
    if (type !== null && !entityType) return 'UNKNOWN_ENTITY_TYPE';
    if (!entityType || typeof id !== 'string') return 'INVALID_ENTITY';
    if (plan.entityTypes && !plan.entityTypes.includes(entityType.name)) return 'INVALID_ENTITY';
    if (id.length > limits.maxEntityIdLength) return 'INVALID_ENTITY';
    if (!isCleanText(id)) return 'INVALID_TEXT';
    if (findPii(id)) return 'PII_VALUE';
    const normal = entityType.normaliseId(id);
    if (normal === null) return 'INVALID_ENTITY';
    draft.entityType = entityType.name;
    draft.entityId = normal;
    return null;
  },
};

/** A UUID per tab; it goes no further than the hash. */
export const putSession: Step = {
  name: 'putSession',
  run(draft) {
    if (draft.input.sessionId == null || draft.input.sessionId === '') return null;
    draft.sessionId = toUuid(draft.input.sessionId);
    return draft.sessionId ? null : 'INVALID_SESSION';
  },
};

/** A whole number; the wire has a Float because GraphQL would refuse the whole request for one wrong Int. */
export const putSeq: Step = {
  name: 'putSeq',
  run(draft) {
    const { seq } = draft.input;
    if (seq == null) return null;
    if (!Number.isInteger(seq) || seq < 0 || seq > limits.maxSeq) return 'INVALID_SEQ';
    draft.seq = seq === 0 ? 0 : seq; // no negative zero
    return null;
  },
};

/** A template of a path: query and hash cut off, ids replaced, no personal data. */
export const putRoute: Step = {
  name: 'putRoute',
  run(draft) {
    const { route } = draft.input;
    if (route == null || route === '') return null;
    if (typeof route !== 'string') return 'INVALID_ROUTE';
    const template = toRouteTemplate(route);
    if (!template.ok) return template.reason;
    draft.route = template.route;
    return null;
  },
};
