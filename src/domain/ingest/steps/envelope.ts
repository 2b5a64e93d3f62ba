import { limits, type TrackRule } from '../../../contract/index.js';
import type { EventTypePlan } from '../../catalogue.js';
import { findPii } from '../../privacy/pii/pii.js';
import { toRouteTemplate } from '../../privacy/pii/route-template.js';
import { isCleanText, isLongerThan } from '../../privacy/shape/text.js';
import { toUuid } from '../../uuid.js';
import type { SentEvent, Step } from '../pipeline.js';
import { type Refusal, reject } from '../refusal.js';

/**
 * The versions that say nothing of the machine which made them: random (4), of a name (5), of a time and random (7),
 * and those whose maker answers for their content (8), in the variant of RFC 9562. Versions 1, 2 and 6 hold a network
 * address, version 3 is MD5, and other variants may hold anything.
 */
const harmlessVersion = /^.{14}[4578].{4}[89ab]/;

/** Any letter case is one id; without one it is derived from author and content, where that is allowed. */
export const putClientEventId: Step<SentEvent, { clientEventId: string }> = {
  name: 'putClientEventId',
  run({ input }, { deriveClientEventId }) {
    const refuse = (rule: TrackRule) => reject('INVALID_CLIENT_EVENT_ID', '/clientEventId', rule);
    const sent = input.clientEventId;
    if (sent == null)
      return deriveClientEventId ? { clientEventId: deriveClientEventId(input) } : refuse('required');
    const clientEventId = toUuid(sent);
    if (!clientEventId) return refuse('uuid');
    return harmlessVersion.test(clientEventId) ? { clientEventId } : refuse('uuidVersion');
  },
};

/** What a short text may be. */
interface TextForm {
  readonly maxLength: number;
  readonly grammar: RegExp;
  /** What it breaks where it does not match the grammar. */
  readonly rule: TrackRule;
}

/** Versions and channel names: a grammar that has no room for an e-mail address or free text. */
const label: TextForm = {
  maxLength: limits.maxLabelLength,
  grammar: /^[A-Za-z0-9][A-Za-z0-9 ._+/-]*$/,
  rule: 'label',
};

/** A host name, an IPv4 address or a bracketed IPv6 address, with an optional port. It is hashed, never stored. */
const hostName: TextForm = {
  maxLength: limits.maxHostLength,
  grammar: /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/,
  rule: 'host',
};

/** `appVersion`, `source` and `host`. */
export const putLabels: Step<SentEvent, { appVersion: string | null; source: string | null; host: string }> =
  {
    name: 'putLabels',
    run({ input: { appVersion, source, host } }) {
      const refusal =
        textProblem('/appVersion', appVersion, label) ??
        textProblem('/source', source, label) ??
        textProblem('/host', host, hostName) ??
        (looksNumeric(appVersion) ? null : personalText('/appVersion', appVersion)) ??
        personalText('/source', source);
      if (refusal) return refusal;
      return { appVersion: appVersion || null, source: source || null, host: (host ?? '').toLowerCase() };
    },
  };

function textProblem(field: string, text: unknown, { maxLength, grammar, rule }: TextForm): Refusal | null {
  if (text == null || text === '') return null;
  if (typeof text !== 'string') return reject('INVALID_TEXT', field, 'type');
  if (text.length > maxLength) return reject('INVALID_TEXT', field, 'maxLength');
  return grammar.test(text) ? null : reject('INVALID_TEXT', field, rule);
}

function personalText(field: string, text: string | null | undefined): Refusal | null {
  const found = text ? findPii(text) : null;
  return found && reject('PII_VALUE', field, found.rule);
}

/** `1.2.3.4` is an address to a scanner and a version to everybody else. */
function looksNumeric(text: string | null | undefined): boolean {
  return text != null && /^v?\d+(\.\d+){0,3}$/.test(text);
}

/** Type and id come together, the type is known and fits the event, the id has the type's format and is no personal data. */
export const putEntity: Step<
  SentEvent & { plan: EventTypePlan },
  { entityType: string | null; entityId: string | null }
> = {
  name: 'putEntity',
  run({ input, plan }, { catalogue }) {
    const type = input.entityType === '' ? null : (input.entityType ?? null);
    const id = input.entityId === '' ? null : (input.entityId ?? null);
    if (type === null && id === null) {
      return plan.entityRequired
        ? reject('INVALID_ENTITY', '/entityId', 'required')
        : { entityType: null, entityId: null };
    }
    if (type === null) return reject('INVALID_ENTITY', '/entityType', 'pair');
    const entityType = catalogue.entityTypes.get(type);
    if (!entityType)
      return reject('UNKNOWN_ENTITY_TYPE', '/entityType', typeof type === 'string' ? 'unknown' : 'type');
    if (id === null) return reject('INVALID_ENTITY', '/entityId', 'pair');
    if (typeof id !== 'string') return reject('INVALID_ENTITY', '/entityId', 'type');
    if (plan.entityTypes && !plan.entityTypes.includes(entityType.name))
      return reject('INVALID_ENTITY', '/entityType', 'entityType');
    if (isLongerThan(id, limits.maxEntityIdLength)) return reject('INVALID_ENTITY', '/entityId', 'maxLength');
    if (!isCleanText(id)) return reject('INVALID_TEXT', '/entityId', 'characters');
    const personal = personalText('/entityId', id);
    if (personal) return personal;
    const entityId = entityType.normaliseId(id);
    if (entityId === null) return reject('INVALID_ENTITY', '/entityId', 'entityId');
    return { entityType: entityType.name, entityId };
  },
};

/** A UUID per tab; it goes no further than the hash. */
export const putSession: Step<SentEvent, { sessionId: string | null }> = {
  name: 'putSession',
  run({ input }) {
    if (input.sessionId == null || input.sessionId === '') return { sessionId: null };
    const sessionId = toUuid(input.sessionId);
    return sessionId ? { sessionId } : reject('INVALID_SESSION', '/sessionId', 'uuid');
  },
};

/** A whole number; the wire has a Float because GraphQL would refuse the whole request for one wrong Int. */
export const putSeq: Step<SentEvent, { seq: number | null }> = {
  name: 'putSeq',
  run({ input: { seq } }) {
    if (seq == null) return { seq: null };
    if (!Number.isInteger(seq) || seq < 0 || seq > limits.maxSeq)
      return reject('INVALID_SEQ', '/seq', 'integer');
    return { seq: seq === 0 ? 0 : seq }; // no negative zero
  },
};

/** A template of a path: query and hash cut off, ids replaced, no personal data. */
export const putRoute: Step<SentEvent, { route: string | null }> = {
  name: 'putRoute',
  run({ input: { route } }) {
    if (route == null || route === '') return { route: null };
    if (typeof route !== 'string') return reject('INVALID_ROUTE', '/route', 'type');
    const template = toRouteTemplate(route);
    if (template.ok) return { route: template.value };
    return reject(template.error.reason, '/route', template.error.rule);
  },
};
