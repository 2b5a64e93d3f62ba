import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  derivedClientEventId,
  entitySeqShift,
  eventId,
  hashSession,
  rateLimitKey,
  storedClientEventId,
  subjectHash,
  visitorHash,
} from '../../../../src/domain/privacy/identity/hashes.js';
import { daySalt } from '../../../../src/domain/privacy/identity/salt.js';

const secret = Buffer.alloc(32, 7);
const salt = daySalt(secret, '2026-03-14');
const nextSalt = daySalt(secret, '2026-03-15');
const visitor = { host: 'app.example.org', ip: '192.0.2.7', userAgent: 'Chrome|131|Windows' };
const hex32 = /^[0-9a-f]{32}$/;
const uuid8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

// Any UTF-16 text: separators, control characters and half surrogate pairs included.
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('\u001f', ':', '|', '1', '2', 'a', '\u0000', '\ud800', '\udc00'),
    maxLength: 8,
  }),
);
const visitors = fc.record({ host: text, ip: text, userAgent: text });

describe('hashes of visitors and sessions', () => {
  test('are 32 lower-case hex digits and stay the same from release to release', () => {
    expect(visitorHash(salt, visitor)).toMatchInlineSnapshot(`"f66a5b2640cc20264cd787bb683e436c"`);
    expect(subjectHash(salt, 'user-1')).toMatchInlineSnapshot(`"2c01658b494bf63efa0b9a33b3dec0db"`);
    expect(hashSession(salt, '0190a2d8-5a8a-7c2a-9f2e-123456789012').hash).toMatchInlineSnapshot(
      `"584167aba0d16966e5ee6ed5fb397cfc"`,
    );
    expect(rateLimitKey(salt, 'user-1')).toMatchInlineSnapshot(`"a18511159f4d4af112886245262fb5ca"`);
  });

  test('the same visitor on the same day has the same hash, on another day another', () => {
    fc.assert(
      fc.property(visitors, (parts) => {
        expect(visitorHash(salt, parts)).toMatch(hex32);
        expect(visitorHash(salt, { ...parts })).toBe(visitorHash(daySalt(secret, '2026-03-14'), parts));
        expect(visitorHash(nextSalt, parts)).not.toBe(visitorHash(salt, parts));
      }),
    );
  });

  test('two visitors that differ anywhere have different hashes', () => {
    fc.assert(
      fc.property(visitors, visitors, (one, other) => {
        const same = one.host === other.host && one.ip === other.ip && one.userAgent === other.userAgent;
        expect(visitorHash(salt, one) === visitorHash(salt, other)).toBe(same);
      }),
    );
  });

  test('text that moves from one field to the next changes the hash, whatever separator it brings along', () => {
    const cut = fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(cut, ([whole, a, b]) => {
        const split = (position: number) => {
          const at = position % (whole.length + 1);
          return visitorHash(salt, { host: whole.slice(0, at), ip: whole.slice(at), userAgent: '' });
        };
        const same = a % (whole.length + 1) === b % (whole.length + 1);
        expect(split(a) === split(b)).toBe(same);
      }),
    );
    const forged = { host: 'a\u001f192.0.2.7', ip: 'b', userAgent: '' };
    expect(visitorHash(salt, forged)).not.toBe(
      visitorHash(salt, { host: 'a', ip: '192.0.2.7\u001fb', userAgent: '' }),
    );
    expect(visitorHash(salt, { host: '1:a', ip: '', userAgent: '' })).not.toBe(
      visitorHash(salt, { host: '', ip: '1:a', userAgent: '' }),
    );
  });

  test('the same text in two roles has two hashes', () => {
    fc.assert(
      fc.property(text, (same) => {
        const hashes = [
          visitorHash(salt, { host: same, ip: '', userAgent: '' }),
          subjectHash(salt, same),
          hashSession(salt, same).hash,
          rateLimitKey(salt, same),
        ];
        expect(new Set(hashes).size).toBe(hashes.length);
      }),
    );
  });
});

describe('imports', () => {
  test('have hashes in a domain of their own: no guess that is imported meets a stored hash', () => {
    fc.assert(
      fc.property(visitors, text, (parts, sessionId) => {
        expect(visitorHash(salt, parts, 'import')).toMatch(hex32);
        expect(visitorHash(salt, parts, 'import')).not.toBe(visitorHash(salt, parts));
        expect(hashSession(salt, sessionId, 'import').hash).not.toBe(hashSession(salt, sessionId).hash);
      }),
    );
  });
});

describe('the shift of sequence numbers', () => {
  const shift = fc.record({ session: text, entityType: text, entityId: text, userHash: text });

  test('is a whole number below 2^30, the same for a session and day, and another on the next day', () => {
    const equalOnTheNextDay: unknown[] = [];
    fc.assert(
      fc.property(shift, ({ session, entityType, entityId, userHash }) => {
        const shifts = [salt, nextSalt].flatMap((key) => [
          hashSession(key, session).seqShift,
          entitySeqShift(key, entityType, entityId, userHash),
        ]);
        for (const one of shifts) expect(Number.isInteger(one) && one >= 0 && one < 2 ** 30).toBe(true);
        expect(hashSession(salt, session).seqShift).toBe(shifts[0]);
        if (shifts[0] === shifts[2] || shifts[1] === shifts[3]) equalOnTheNextDay.push(shifts);
      }),
    );
    expect(equalOnTheNextDay).toEqual([]);
  });

  test('uses all of its range', () => {
    const shifts = Array.from({ length: 2_000 }, (_, n) => hashSession(salt, String(n)).seqShift);
    for (let quarter = 0; quarter < 4; quarter++) {
      const within = shifts.filter((one) => one >>> 28 === quarter).length;
      expect(within).toBeGreaterThan(400);
      expect(within).toBeLessThan(600);
    }
  });

  test('cannot be computed from the stored hash: they are different bits', () => {
    const { hash, seqShift } = hashSession(salt, '0190a2d8-5a8a-7c2a-9f2e-123456789012');
    const stored = BigInt(`0x${hash}`);
    for (let bit = 0n; bit <= 98n; bit++) expect(Number((stored >> bit) & 0x3fffffffn)).not.toBe(seqShift);
  });
});

describe('what is kept of a client event id', () => {
  const createdAt = new Date('2026-11-20T23:59:59.999Z');
  const day = Date.UTC(2026, 10, 20).toString(16).padStart(12, '0');

  test('of version 7 has the UTC day of the row in place of the clock, and all its random bits', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), (id) => {
        const stored = storedClientEventId(id, createdAt);
        expect(stored.replaceAll('-', '').slice(0, 12)).toBe(day);
        expect(stored.slice(13)).toBe(id.slice(13));
      }),
    );
  });

  test('of any other version is what was sent', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [4, 5, 8] }), (id) => {
        expect(storedClientEventId(id, createdAt)).toBe(id);
      }),
    );
  });
});

describe('eventId and derivedClientEventId', () => {
  test('hold no clock: the first 48 bits repeat the last 48, whatever the client id is', () => {
    fc.assert(
      fc.property(fc.uuid(), text, (clientEventId, subject) => {
        const id = eventId(secret, subject, clientEventId);
        expect(id.replaceAll('-', '').slice(0, 12)).toBe(id.slice(24));
      }),
    );
  });

  test('are UUIDs of version 8 and stay the same from release to release', () => {
    expect(eventId(secret, 'user-1', '0190a2d8-5a8a-7c2a-9f2e-123456789012')).toMatchInlineSnapshot(
      `"affe004b-7302-8343-958f-affe004b7302"`,
    );
    expect(derivedClientEventId(secret, 'user-1', '{"a":1}')).toMatchInlineSnapshot(
      `"df242fb7-5492-8a4d-b082-c1e4ea1e0102"`,
    );
  });

  test('author and id decide, and nothing else', () => {
    fc.assert(
      fc.property(text, text, text, text, (subject, id, otherSubject, otherId) => {
        for (const make of [eventId, derivedClientEventId]) {
          expect(make(secret, subject, id)).toMatch(uuid8);
          const same = subject === otherSubject && id === otherId;
          expect(make(secret, subject, id) === make(secret, otherSubject, otherId)).toBe(same);
          expect(make(Buffer.alloc(32, 8), subject, id)).not.toBe(make(secret, subject, id));
        }
        expect(eventId(secret, subject, id)).not.toBe(derivedClientEventId(secret, subject, id));
      }),
    );
  });
});
