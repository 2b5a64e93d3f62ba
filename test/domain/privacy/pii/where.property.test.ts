import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPii } from '../../../../src/domain/privacy/pii/pii.js';
import { measureJson } from '../../../../src/domain/privacy/shape/json-shape.js';
import { toRouteTemplate } from '../../../../src/domain/privacy/shape/route-template.js';
import { jsonWith, secrets } from '../../../support/arbitrary-secrets.js';
import { resolvePointer } from '../../../support/json-pointer.js';

const limits = { maxBytes: 400, maxDepth: 5, maxKeys: 16 };
const planted = secrets.chain((secret) =>
  fc.record({ secret: fc.constant(secret), value: jsonWith(secret) }),
);

describe('an answer that says where', () => {
  test('findPii repeats nothing of what it found, and points at something that is there', () => {
    const rules = new Set<string>();
    fc.assert(
      fc.property(planted, ({ secret, value }) => {
        const found = findPii(value);
        if (found === null) return;
        rules.add(found.rule);
        expect(JSON.stringify(found)).not.toContain(secret);
        expect(resolvePointer(value, found.path).found).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect([...rules]).toEqual(
      expect.arrayContaining(['pii.key', 'pii.email', 'pii.phone', 'pii.card', 'pii.ip']),
    );
  });

  test('what findPii points at is personal data by itself, or holds the name that is', () => {
    fc.assert(
      fc.property(planted, ({ value }) => {
        const found = findPii(value);
        if (found === null || found.reason === 'PII_KEY') return;
        const target = resolvePointer(value, found.path);
        expect(target.found && findPii(target.value as typeof value)).toMatchObject({ rule: found.rule });
      }),
      { numRuns: 1_000 },
    );
  });

  test('measureJson repeats nothing of what it refuses, and points at something that is there', () => {
    const rules = new Set<string>();
    fc.assert(
      fc.property(planted, ({ secret, value: a }) => {
        const value = { a };
        const measured = measureJson(value, limits);
        if (measured.ok) return;
        rules.add(measured.rule);
        expect(JSON.stringify(measured)).not.toContain(secret);
        expect(resolvePointer(value, measured.path).found).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect([...rules]).toEqual(expect.arrayContaining(['maxDepth', 'characters', 'name', 'number']));
  });

  test('what measureJson points at is refused for the same rule by itself, unless the whole is too much', () => {
    fc.assert(
      fc.property(planted, ({ value: a }) => {
        const value = { a };
        const measured = measureJson(value, { ...limits, maxBytes: 1e6, maxKeys: 1e6 });
        if (measured.ok || measured.rule === 'maxDepth') return;
        const target = resolvePointer(value, measured.path);
        if (!target.found || measured.path === '') return;
        // In an object, because nothing else may stand at the top.
        expect(measureJson({ a: target.value }, { ...limits, maxBytes: 1e6, maxDepth: 1e6 })).toMatchObject({
          rule: measured.rule,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('toRouteTemplate repeats nothing of the route that it refuses', () => {
    let refused = 0;
    fc.assert(
      fc.property(secrets, fc.constantFrom('', '/', '/things/', 'x/'), (secret, before) => {
        const template = toRouteTemplate(before + secret);
        if (template.ok) return;
        refused += 1;
        expect(Object.keys(template)).toEqual(['ok', 'reason', 'rule']);
        expect(JSON.stringify(template)).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
