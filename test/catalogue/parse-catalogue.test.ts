import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import { exampleCatalogue, exampleText, found, problemsOf, smallFile } from './samples.js';

const word = { type: 'string', 'x-privacy': 'technical' };
const count = { type: 'integer', 'x-privacy': 'technical' };
const withProperty = (property: JsonValue, name = 'p') =>
  smallFile({ properties: { properties: { [name]: property } } });
const at = 'eventTypes.bought';
const p = `${at}.properties.properties.p`;
const kinds = 'string, integer, number, boolean, array, object';
const notTaken = `must be one of ${kinds} ($ref, anyOf, lists of types and null are not taken)`;
const nameRule = 'must be a name: a letter, then up to 63 letters, digits, "_", "." or "-"';

function nested(depth: number): JsonObject {
  return depth === 0
    ? word
    : { type: 'object', properties: { n: nested(depth - 1) }, 'x-privacy': 'technical' };
}

describe('parseCatalogue', () => {
  it.each<[string, JsonValue | string, string]>([
    ['no JSON', '{"apps": }', 'not JSON: expected a value, found } at line 1, column 10'],
    ['another kind of JSON', [], 'the file: must be an object'],
    [
      'an unknown section',
      { ...smallFile(), events: {} },
      'the file: unknown key "events"; allowed: $schema, apps, entityTypes, eventTypes',
    ],
    ['no event types', { apps: smallFile().apps ?? {} }, 'eventTypes: must be an object; it is missing'],
    [
      'empty event types',
      { ...smallFile(), eventTypes: {} },
      'eventTypes: is empty: no event could be taken',
    ],
    [
      'a name that is none',
      { ...smallFile(), entityTypes: { '1st': { description: 'x', format: 'uuid' } } },
      `entityTypes["1st"]: ${nameRule}`,
    ],
    [
      'an app without owner',
      { ...smallFile(), apps: { shop: { description: 'A shop.' } } },
      'apps.shop.owner: must be a string; it is missing',
    ],
    [
      'an empty description',
      smallFile({ description: ' ' }),
      `${at}.description: must have a length of at least 1`,
    ],
    [
      'an unknown key',
      smallFile({ sampling: 1 }),
      `${at}: unknown key "sampling"; allowed: description, owner, apps, version, deprecated, enabled, optIn, gpc, maxBytes, unknownProperties, entity, properties, previousVersions`,
    ],
    ['no apps', smallFile({ apps: [] }), `${at}.apps: must have a number of entries of at least 1`],
    [
      'an unknown app',
      smallFile({ apps: ['shop', 'bank'] }),
      `${at}.apps: names "bank", which is not in apps (shop)`,
    ],
    ['an app twice', smallFile({ apps: ['shop', 'shop'] }), `${at}.apps: names "shop" twice`],
    [
      'an unknown entity type',
      smallFile({ entity: { types: ['order'] } }),
      `${at}.entity.types: names "order", which is not in entityTypes (cart, item)`,
    ],
    [
      'a required entity of no type',
      smallFile({ entity: { types: [], required: true } }),
      `${at}.entity.required: cannot be met: types is empty`,
    ],
    [
      'an unknown replacement',
      smallFile({ deprecated: { reason: 'Old.', replacement: 'sold' } }),
      `${at}.deprecated.replacement: names "sold", which is not in eventTypes (bought)`,
    ],
    [
      'itself as replacement',
      smallFile({ deprecated: { reason: 'Old.', replacement: 'bought' } }),
      `${at}.deprecated.replacement: is the event type itself`,
    ],
    ['no reason', smallFile({ deprecated: {} }), `${at}.deprecated.reason: must be a string; it is missing`],
    ['a word for a switch', smallFile({ enabled: 'yes' }), `${at}.enabled: must be a boolean`],
    ['an unknown choice', smallFile({ gpc: 'ignore' }), `${at}.gpc: must be one of "anonymise", "drop"`],
    [
      'another unknown choice',
      smallFile({ unknownProperties: 'keep' }),
      `${at}.unknownProperties: must be one of "cut", "reject"`,
    ],
    ['too many bytes', smallFile({ maxBytes: 4_097 }), `${at}.maxBytes: must be at most 4096`],
    ['half a version', smallFile({ version: 1.5 }), `${at}.version: must be a whole number`],
    ['a version too low', smallFile({ version: 0 }), `${at}.version: must be at least 1`],
    [
      'a previous version that is not',
      smallFile({ version: 2, previousVersions: { '2': {} } }),
      `${at}.previousVersions["2"]: must be less than version (2)`,
    ],
    [
      'a previous version by name',
      smallFile({ version: 2, previousVersions: { first: {} } }),
      `${at}.previousVersions.first: must be a version number, such as "1"`,
    ],
    [
      'a fault in a previous version',
      smallFile({ version: 2, previousVersions: { '1': { properties: { required: ['x'] } } } }),
      `${at}.previousVersions["1"].properties.required: names "x", which is not declared`,
    ],
    [
      'ids of no form',
      { ...smallFile(), entityTypes: { cart: { description: 'A cart.' } } },
      'entityTypes.cart: must have either format "uuid" or a pattern',
    ],
    [
      'ids of two forms',
      { ...smallFile(), entityTypes: { cart: { description: 'x', format: 'uuid', pattern: '^a$' } } },
      'entityTypes.cart: must have either format "uuid" or a pattern',
    ],
    [
      'another format',
      { ...smallFile(), entityTypes: { cart: { description: 'x', format: 'email' } } },
      'entityTypes.cart.format: must be "uuid"',
    ],
    [
      'a length beside a format',
      { ...smallFile(), entityTypes: { cart: { description: 'x', format: 'uuid', maxLength: 3 } } },
      'entityTypes.cart.maxLength: cannot stand beside format',
    ],
    [
      'ids longer than any',
      { ...smallFile(), entityTypes: { cart: { description: 'x', pattern: '^a$', maxLength: 257 } } },
      'entityTypes.cart.maxLength: must be at most 256',
    ],
    [
      'totals that are kept for no day',
      { ...smallFile(), entityTypes: { cart: { description: 'x', format: 'uuid', keepTotalsDays: 0 } } },
      'entityTypes.cart.keepTotalsDays: must be at least 1',
    ],
    [
      'totals that are kept for part of a day',
      { ...smallFile(), entityTypes: { cart: { description: 'x', format: 'uuid', keepTotalsDays: 1.5 } } },
      'entityTypes.cart.keepTotalsDays: must be a whole number',
    ],
    [
      'an open pattern of ids',
      { ...smallFile(), entityTypes: { cart: { description: 'x', pattern: 'a' } } },
      'entityTypes.cart.pattern: must start with ^ and end with $',
    ],
    [
      'an example that is no id',
      { ...smallFile(), entityTypes: { cart: { description: 'x', pattern: '^a$', examples: ['a', 'b'] } } },
      'entityTypes.cart.examples[1]: is no id of this type',
    ],
    [
      'no privacy class',
      withProperty({ type: 'string' }),
      `${p}["x-privacy"]: must be one of "technical", "behavioural", "identifier", "sensitive"`,
    ],
    [
      'an unknown privacy class',
      withProperty({ type: 'string', 'x-privacy': 'public' }),
      `${p}["x-privacy"]: must be one of "technical", "behavioural", "identifier", "sensitive"`,
    ],
    [
      'an object without privacy class',
      withProperty({ type: 'object', properties: {} }),
      `${p}["x-privacy"]: must be one of "technical", "behavioural", "identifier", "sensitive"`,
    ],
    [
      'a privacy class on items',
      withProperty({ type: 'array', items: word, 'x-privacy': 'technical' }),
      `${p}.items: unknown key "x-privacy"; allowed: type, enum, const, minLength, maxLength, pattern, examples, title, description, deprecated`,
    ],
    ['no type', withProperty({ 'x-privacy': 'technical' }), `${p}.type: ${notTaken}`],
    [
      'two types',
      withProperty({ type: ['string', 'null'], 'x-privacy': 'technical' }),
      `${p}.type: ${notTaken}`,
    ],
    ['the type null', withProperty({ type: 'null', 'x-privacy': 'technical' }), `${p}.type: ${notTaken}`],
    ['a reference', withProperty({ $ref: '#/x', 'x-privacy': 'technical' }), `${p}.type: ${notTaken}`],
    ['a schema that is none', withProperty(true), `${p}: must be an object`],
    [
      'alternatives',
      withProperty({ ...word, anyOf: [] }),
      `${p}: unknown key "anyOf"; allowed: type, enum, const, minLength, maxLength, pattern, examples, title, description, deprecated, x-privacy`,
    ],
    [
      'a format',
      withProperty({ ...word, format: 'email' }),
      `${p}: unknown key "format"; allowed: type, enum, const, minLength, maxLength, pattern, examples, title, description, deprecated, x-privacy`,
    ],
    [
      'a bound of another type',
      withProperty({ ...count, maxLength: 3 }),
      `${p}: unknown key "maxLength"; allowed: type, enum, const, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, examples, title, description, deprecated, x-privacy`,
    ],
    [
      'an open object',
      withProperty({ type: 'object', properties: {}, additionalProperties: true, 'x-privacy': 'technical' }),
      `${p}.additionalProperties: must be false, or left out: only declared properties are ever stored`,
    ],
    [
      'an open root',
      smallFile({ properties: { additionalProperties: {} } }),
      `${at}.properties.additionalProperties: must be false, or left out: only declared properties are ever stored`,
    ],
    [
      'properties by pattern',
      smallFile({ properties: { patternProperties: {} } }),
      `${at}.properties: unknown key "patternProperties"; allowed: type, properties, required, additionalProperties, examples, title, description`,
    ],
    [
      'a root of another type',
      smallFile({ properties: { type: 'array' } }),
      `${at}.properties.type: must be "object"`,
    ],
    [
      'required but not declared',
      smallFile({ properties: { required: ['total'] } }),
      `${at}.properties.required: names "total", which is not declared`,
    ],
    [
      'a property name that is none',
      withProperty(word, 'a b'),
      `${at}.properties.properties["a b"]: ${nameRule}`,
    ],
    [
      'a name of personal data',
      withProperty(word, 'email'),
      `${at}.properties.properties.email: is named like personal data; such a property would be refused (PII_KEY)`,
    ],
    [
      'a nested name of personal data',
      withProperty({ type: 'object', properties: { firstName: word }, 'x-privacy': 'technical' }),
      `${p}.properties.firstName: is named like personal data; such a property would be refused (PII_KEY)`,
    ],
    [
      'a name of JavaScript’s own',
      withProperty(word, 'constructor'),
      `${at}.properties.properties.constructor: is a name that means something to JavaScript itself`,
    ],
    ['text too long', withProperty({ ...word, maxLength: 4_097 }), `${p}.maxLength: must be at most 4096`],
    [
      'text bounds that cross',
      withProperty({ ...word, minLength: 9, maxLength: 8 }),
      `${p}.minLength: is more than maxLength (8)`,
    ],
    [
      'text bounds that cross the default',
      withProperty({ ...word, minLength: 65 }),
      `${p}.minLength: is more than maxLength (64)`,
    ],
    [
      'a pattern that is not closed',
      withProperty({ ...word, pattern: '^a' }),
      `${p}.pattern: must start with ^ and end with $`,
    ],
    [
      'a pattern that looks around',
      withProperty({ ...word, pattern: '^(?!a).*$' }),
      `${p}.pattern: may not use lookaround, named groups or flags: use (?:…)`,
    ],
    [
      'a pattern beside a choice',
      withProperty({ ...word, enum: ['a'], pattern: '^a$' }),
      `${p}.pattern: cannot stand beside enum`,
    ],
    [
      'a constant beside a choice',
      withProperty({ ...word, enum: ['a'], const: 'a' }),
      `${p}.const: cannot stand beside enum`,
    ],
    [
      'a bound beside a constant',
      withProperty({ ...count, const: 1, minimum: 0 }),
      `${p}.minimum: cannot stand beside const`,
    ],
    [
      'an empty choice',
      withProperty({ ...word, enum: [] }),
      `${p}.enum: must have a number of entries of at least 1`,
    ],
    ['a choice twice', withProperty({ ...word, enum: ['a', 'a'] }), `${p}.enum: holds the same value twice`],
    ['a choice of another type', withProperty({ ...word, enum: ['a', 1] }), `${p}.enum[1]: must be a string`],
    ['half integers', withProperty({ ...count, enum: [1, 1.5] }), `${p}.enum: must hold whole numbers only`],
    [
      'half bounds of integers',
      withProperty({ ...count, maximum: 1.5 }),
      `${p}.maximum: must be a whole number`,
    ],
    [
      'integers past 2^53',
      withProperty({ ...count, maximum: 2 ** 53 }),
      `${p}.maximum: must be a whole number`,
    ],
    [
      'number bounds that cross',
      withProperty({ ...count, minimum: 2, maximum: 1 }),
      `${p}.minimum: and the maximum leave no number between them`,
    ],
    [
      'number bounds that touch',
      withProperty({ ...count, exclusiveMinimum: 1, maximum: 1 }),
      `${p}.minimum: and the maximum leave no number between them`,
    ],
    [
      'a multiple of nothing',
      withProperty({ ...count, multipleOf: 0 }),
      `${p}.multipleOf: must be more than 0`,
    ],
    [
      'an array of nothing',
      withProperty({ type: 'array', 'x-privacy': 'technical' }),
      `${p}.items: must be an object; it is missing`,
    ],
    [
      'array bounds that cross',
      withProperty({ type: 'array', items: { type: 'string' }, minItems: 33, 'x-privacy': 'technical' }),
      `${p}.minItems: is more than maxItems (32)`,
    ],
    [
      'an example that does not fit',
      withProperty({ ...count, maximum: 5, examples: [5, 6] }),
      `${p}.examples[1]: does not fit its own schema`,
    ],
    [
      'an example that does not fit, in items',
      withProperty({
        type: 'array',
        items: { type: 'string', maxLength: 1, examples: ['ab'] },
        'x-privacy': 'technical',
      }),
      `${p}.items.examples[0]: does not fit its own schema`,
    ],
    [
      'too much depth',
      withProperty(nested(5)),
      `${p}.properties.n.properties.n.properties.n.properties.n: is nested more than 5 deep`,
    ],
    [
      'too many properties',
      smallFile({
        properties: { properties: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`p${i}`, word])) },
      }),
      `${at}.properties: declares 65 properties; an event may have 64`,
    ],
  ])('refuses %s, saying where and what is allowed', (_what, file, problem) => {
    expect(problemsOf(file)).toEqual([problem]);
  });

  it('tells all problems of a file at once', () => {
    const file = {
      apps: { 'my shop': { description: 'x', owner: 'y' }, till: { description: 'x' } },
      entityTypes: { cart: { description: 'x' } },
      eventTypes: {
        bought: { description: 'x', owner: 'y', apps: ['bank'], version: 0 },
        sold: { description: 'x', owner: 'y', apps: ['bank'], entity: { types: ['order'] } },
        left: {
          description: 'x',
          owner: 'y',
          apps: ['till'],
          properties: { properties: { email: word, n: { ...word, pattern: 'a' } } },
        },
      },
    };
    expect(problemsOf(file)).toEqual([
      `apps["my shop"]: ${nameRule}`,
      'apps.till.owner: must be a string; it is missing',
      'eventTypes.bought.version: must be at least 1',
      'entityTypes.cart: must have either format "uuid" or a pattern',
      'eventTypes.sold.apps: names "bank", which is not in apps (my shop, till)',
      'eventTypes.sold.entity.types: names "order", which is not in entityTypes (cart)',
      'eventTypes.left.properties.properties.email: is named like personal data; such a property would be refused (PII_KEY)',
      'eventTypes.left.properties.properties.n.pattern: must start with ^ and end with $',
    ]);
  });

  it('takes a depth and a number of properties that an event may just have', () => {
    expect(problemsOf(withProperty(nested(4)))).toEqual([]);
    const properties = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`p${index}`, word]));
    expect(problemsOf(smallFile({ properties: { properties } }))).toEqual([]);
  });

  it('fills in what an event type leaves out', () => {
    const parsed = parseCatalogue(JSON.stringify(smallFile()));
    expect(parsed.ok && parsed.value.eventTypes.get('bought')).toMatchObject({
      name: 'bought',
      version: 1,
      versions: [1],
      deprecated: null,
      enabled: true,
      optIn: false,
      gpc: 'anonymise',
      maxBytes: 2_048,
      unknownProperties: 'cut',
      entityTypes: null,
      entityRequired: false,
      schema: { type: 'object', properties: {}, additionalProperties: false },
    });
  });

  it('keeps what an event type says', () => {
    const said = {
      version: 3,
      previousVersions: { '2': {}, '1': {} },
      deprecated: { reason: 'Old.' },
      enabled: false,
      optIn: true,
      gpc: 'drop',
      maxBytes: 4_096,
      unknownProperties: 'reject',
      entity: { types: ['cart'], required: true },
    };
    const parsed = parseCatalogue(JSON.stringify(smallFile(said)));
    expect(parsed.ok && parsed.value.eventTypes.get('bought')).toMatchObject({
      version: 3,
      versions: [1, 2, 3],
      deprecated: { reason: 'Old.', replacement: null },
      enabled: false,
      optIn: true,
      gpc: 'drop',
      maxBytes: 4_096,
      unknownProperties: 'reject',
      entityTypes: ['cart'],
      entityRequired: true,
    });
  });

  it('gives the schema as it is enforced: closed, and bounded everywhere', () => {
    const properties = {
      word: { type: 'string' },
      count: { type: 'integer' },
      list: { type: 'array', items: { type: 'object', properties: {} } },
      pick: { type: 'string', enum: ['a'] },
    };
    const declared = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, { ...schema, 'x-privacy': 'technical' }]),
    );
    const parsed = parseCatalogue(JSON.stringify(smallFile({ properties: { properties: declared } })));
    const plan = parsed.ok ? found(parsed.value.eventTypes.get('bought')) : null;
    expect(plan?.schema).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {
        word: { type: 'string', maxLength: 64, 'x-privacy': 'technical' },
        count: {
          type: 'integer',
          minimum: Number.MIN_SAFE_INTEGER,
          maximum: Number.MAX_SAFE_INTEGER,
          'x-privacy': 'technical',
        },
        list: {
          type: 'array',
          maxItems: 32,
          items: { type: 'object', properties: {}, additionalProperties: false },
          'x-privacy': 'technical',
        },
        pick: { type: 'string', enum: ['a'], 'x-privacy': 'technical' },
      },
    });
  });

  it('keeps ids of entities in one spelling', () => {
    const parsed = parseCatalogue(JSON.stringify(smallFile()));
    const types = parsed.ok ? parsed.value.entityTypes : new Map();
    const uuid = '019A4F6C-7D2E-7B1A-9C3D-ABCDEF012345';
    expect(types.get('cart').normaliseId(uuid)).toBe(uuid.toLowerCase());
    for (const bad of [
      '',
      `${uuid}0`,
      uuid.replaceAll('-', ''),
      `{${uuid}}`,
      uuid.replace('A', 'G'),
      `${uuid}\n`,
    ]) {
      expect(types.get('cart').normaliseId(bad)).toBeNull();
    }
    expect(types.get('item').normaliseId('abc')).toBe('abc');
    for (const bad of ['', 'ABC', 'abc\n', 'abcdefghi'])
      expect(types.get('item').normaliseId(bad)).toBeNull();
  });

  it('has a fingerprint of 16 hex digits that changes with the file', () => {
    const one = exampleCatalogue().fingerprint;
    const other = parseCatalogue(`${exampleText} `);
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(other.ok && other.value.fingerprint).not.toBe(one);
  });

  it('never throws, whatever the JSON, and answers problems or a plan', () => {
    const key = fc.constantFrom(
      'apps',
      'entityTypes',
      'eventTypes',
      'shop',
      'bought',
      'properties',
      'type',
      'required',
      'pattern',
      'enum',
      'x-privacy',
      'description',
      'owner',
      'items',
      'constructor',
      'toString',
    );
    const leaf = fc.constantFrom<JsonValue>(
      'string',
      'object',
      'array',
      'integer',
      '^a$',
      '(',
      'shop',
      'technical',
      1,
      -1,
      Number.MAX_VALUE,
      null,
      true,
      false,
    );
    const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 7, withCrossShrink: true },
        leaf,
        fc.dictionary(key, tie('tree')),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree), (file) => {
        expect(problemsOf({ ...smallFile(), ...file }).every((problem) => problem.includes(': '))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
