import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  derivedClientEventId,
  eventId,
  hashSession,
  rateLimitKey,
  subjectHash,
  visitorHash,
} from '../../../src/domain/privacy/identity/hashes.js';
import {
  addressFromForwardedFor,
  canonicalIp,
  hashableIp,
} from '../../../src/domain/privacy/identity/ip-address.js';
import { daySalt } from '../../../src/domain/privacy/identity/salt.js';
import { findPii } from '../../../src/domain/privacy/pii/pii.js';
import { isPiiKey } from '../../../src/domain/privacy/pii/pii-keys.js';
import { piiKind } from '../../../src/domain/privacy/pii/pii-values.js';
import { toRouteTemplate } from '../../../src/domain/privacy/pii/route-template.js';
import { canonicalJson } from '../../../src/domain/privacy/shape/canonical-json.js';
import { isDangerousKey } from '../../../src/domain/privacy/shape/dangerous-keys.js';
import { measureJson } from '../../../src/domain/privacy/shape/json-shape.js';
import { foldText, isCleanText } from '../../../src/domain/privacy/shape/text.js';
import { botFamily, isBot } from '../../../src/domain/privacy/user-agent/bots.js';
import {
  bucketUserAgent,
  createUserAgentReader,
  isGatewayUserAgent,
  normaliseUserAgent,
} from '../../../src/domain/privacy/user-agent/user-agent.js';

const key = Buffer.alloc(32, 7);
const limits = { maxBytes: 2_048, maxDepth: 5, maxKeys: 64 };

const functions: Record<string, (text: string) => unknown> = {
  botFamily,
  isBot,
  canonicalJson,
  canonicalIp,
  hashableIp,
  isDangerousKey,
  isPiiKey,
  piiKind,
  toRouteTemplate,
  foldText,
  isCleanText,
  bucketUserAgent,
  isGatewayUserAgent,
  normaliseUserAgent,
  findPii,
  daySalt: (text) => daySalt(key, text),
  visitorHash: (text) => visitorHash(key, { host: text, ip: text, userAgent: text }),
  subjectHash: (text) => subjectHash(key, text),
  hashSession: (text) => hashSession(key, text),
  rateLimitKey: (text) => rateLimitKey(key, text),
  eventId: (text) => eventId(key, text, text),
  derivedClientEventId: (text) => derivedClientEventId(key, text, text),
  addressFromForwardedFor: (text) => addressFromForwardedFor(text, 1),
  measureJson: (text) => measureJson({ [text]: text }, limits),
  findPiiNested: (text) => findPii({ [text]: [text, JSON.stringify(text)] }),
  routeOf: (text) => toRouteTemplate(`/${text}`),
  readUserAgent: createUserAgentReader({ cacheSize: 10 }),
};

// Code units in any order: half surrogate pairs, control characters, and what the functions look for.
const unit = fc.oneof(
  fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  fc.constantFrom(
    '@',
    '%',
    '%40',
    '%f',
    ':',
    '.',
    '/',
    '[',
    ']',
    '?',
    '"',
    '{',
    '\\',
    '+1',
    '0',
    '\ud800',
    '\udc00',
    '\u0000',
    '__proto__',
  ),
);
const text = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));

test.each(Object.entries(functions))('%s answers for any string', (_, run) => {
  fc.assert(
    fc.property(text, (input) => {
      expect(run(input)).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
