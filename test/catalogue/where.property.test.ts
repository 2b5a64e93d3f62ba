import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import { jsonWith, namesWith, plainNames, secrets, valuesWith } from '../support/arbitrary-secrets.js';
import { resolvePointer } from '../support/json-pointer.js';
import { bought } from './samples.js';

const privacy = { 'x-privacy': 'technical' };
const word = { type: 'string', maxLength: 8, ...privacy };
const part = {
  type: 'object',
  properties: { word, count: { type: 'integer', minimum: 0, ...privacy } },
  required: ['word'],
};
const declared = {
  word,
  part: { ...part, ...privacy },
  parts: { type: 'array', items: part, maxItems: 3, ...privacy },
};
const cuts = bought(declared, ['word']);
const rejects = bought(declared, ['word'], { unknownProperties: 'reject' });

/** What the schema declares, right, wrong or missing, among names that it does not declare. */
function sentWith(secret: string): fc.Arbitrary<JsonValue> {
  const junk = jsonWith(secret);
  const words = fc.oneof(
    { weight: 5, arbitrary: fc.constant('x') },
    { weight: 1, arbitrary: valuesWith(secret) },
  );
  const counts = fc.oneof(fc.constantFrom<JsonValue>(0, 7, -1, 0.5), valuesWith(secret));
  const others = fc
    .array(fc.tuple(fc.oneof(plainNames, namesWith(secret)), junk), { maxLength: 2 })
    .map((members) => Object.fromEntries(members));
  const mixed = (own: JsonObject, more: JsonObject, first: boolean) =>
    first ? { ...more, ...own } : { ...own, ...more };
  const parts = fc
    .tuple(fc.record({ word: words, count: counts }, { requiredKeys: [] }), others, fc.boolean())
    .map(([own, more, first]) => mixed(own, more, first));
  const own = fc.record(
    {
      word: words,
      part: fc.oneof({ weight: 5, arbitrary: parts }, { weight: 1, arbitrary: junk }),
      parts: fc.oneof(
        { weight: 5, arbitrary: fc.array(parts, { maxLength: 4 }) },
        { weight: 1, arbitrary: junk },
      ),
    },
    { requiredKeys: [] },
  );
  const all = fc.tuple(own, others, fc.boolean()).map(([wanted, more, first]) => mixed(wanted, more, first));
  return fc.oneof({ weight: 9, arbitrary: all }, { weight: 1, arbitrary: junk });
}

const planted = secrets.chain((secret) => fc.record({ secret: fc.constant(secret), sent: sentWith(secret) }));

describe('a verdict that says where', () => {
  it('repeats nothing of what was sent, and points at what is wrong or missing', () => {
    const rules = new Set<string>();
    fc.assert(
      fc.property(planted, fc.constantFrom(cuts, rejects), ({ secret, sent }, plan) => {
        const verdict = plan.checkProperties(null, sent);
        if (verdict.ok) return;
        rules.add(verdict.error.rule);
        expect(JSON.stringify(verdict)).not.toContain(secret);
        const whole = sent ?? {};
        if (verdict.error.rule !== 'required') {
          expect(resolvePointer(whole, verdict.error.path).found).toBe(true);
          return;
        }
        expect(resolvePointer(whole, verdict.error.path).found).toBe(false);
        const holder = resolvePointer(
          whole,
          verdict.error.path.slice(0, verdict.error.path.lastIndexOf('/')),
        );
        expect(holder).toEqual({ found: true, value: expect.any(Object) });
      }),
      { numRuns: 3_000 },
    );
    expect([...rules]).toEqual(
      expect.arrayContaining(['required', 'type', 'unknown', 'maxItems', 'maxLength', 'minimum']),
    );
  });

  it('names the first property that was cut off or the object that held it, and repeats no secret', () => {
    let cut = 0;
    fc.assert(
      fc.property(planted, ({ secret, sent }) => {
        const verdict = cuts.checkProperties(null, sent);
        if (!verdict.ok) return;
        expect(verdict.value.firstCut === null).toBe(verdict.value.cut === 0);
        if (verdict.value.firstCut === null) return;
        cut += 1;
        expect(verdict.value.firstCut).not.toContain(secret);
        const there = resolvePointer(sent, verdict.value.firstCut);
        expect(there.found).toBe(true);
        // It is not there any more, or it is the object that held what is not there any more.
        const left = resolvePointer(verdict.value.properties ?? {}, verdict.value.firstCut);
        if (left.found) {
          expect(Object.keys(Object(left.value)).length).toBeLessThan(
            Object.keys(Object(there.found && there.value)).length,
          );
        }
      }),
      { numRuns: 3_000 },
    );
    expect(cut).toBeGreaterThan(100);
  });

  it('says the same place whether the property is cut off or refused', () => {
    fc.assert(
      fc.property(planted, ({ sent }) => {
        const [lenient, strict] = [cuts.checkProperties(null, sent), rejects.checkProperties(null, sent)];
        if (!lenient.ok || lenient.value.firstCut === null) return;
        expect(strict).toEqual({
          ok: false,
          error: { reason: 'INVALID_PROPERTIES', path: lenient.value.firstCut, rule: 'unknown' },
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
