import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmlessPointer } from '../../../../src/domain/privacy/pii/harmless-pointer.js';
import { findPii } from '../../../../src/domain/privacy/pii/pii.js';
import { toRouteTemplate } from '../../../../src/domain/privacy/pii/route-template.js';
import { measureJson } from '../../../../src/domain/privacy/shape/json-shape.js';
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

  test('the pointer of what measureJson refuses repeats nothing of it, and points at something that is there', () => {
    const rules = new Set<string>();
    fc.assert(
      fc.property(planted, ({ secret, value: a }) => {
        const value = { a };
        const measured = measureJson(value, limits);
        if (measured.ok) return;
        const { reason, path, rule } = measured.error;
        rules.add(rule);
        const pointer = harmlessPointer(path);
        expect(JSON.stringify([reason, pointer, rule])).not.toContain(secret);
        expect(resolvePointer(value, pointer).found).toBe(true);
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
        if (measured.ok || measured.error.rule === 'maxDepth') return;
        const pointer = harmlessPointer(measured.error.path);
        const target = resolvePointer(value, pointer);
        if (!target.found || pointer === '') return;
        // In an object, because nothing else may stand at the top.
        expect(
          measureJson({ a: target.value }, { maxBytes: 1e6, maxDepth: 1e6, maxKeys: 1e6 }),
        ).toMatchObject({
          error: { rule: measured.error.rule },
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
        expect(Object.keys(template.error)).toEqual(['reason', 'rule']);
        expect(JSON.stringify(template)).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
