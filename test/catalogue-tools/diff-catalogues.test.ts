import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { diffCatalogues, isCompatible } from '../../src/catalogue-tools/index.js';
import type { JsonObject } from '../../src/contract/index.js';
import { exampleCatalogue, smallFile } from '../catalogue/samples.js';

function read(file: JsonObject) {
  const parsed = parseCatalogue(JSON.stringify(file));
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return parsed.value;
}

/** Each change as `level kind path: message`. */
function changes(old: JsonObject, next: JsonObject): string[] {
  return diffCatalogues(read(old), read(next)).map(
    ({ level, kind, path, message }) => `${level} ${kind} ${path}: ${message}`,
  );
}

const at = 'eventTypes.bought';
const eventChanges = (old: JsonObject, next: JsonObject) =>
  changes(smallFile(old), smallFile(next)).map((line) => line.replace(at, '@'));

/** The changes of one property `p`. */
function valueChanges(old: JsonObject, next: JsonObject): string[] {
  const event = (schema: JsonObject) => ({
    properties: { properties: { p: { 'x-privacy': 'technical', ...schema } } },
  });
  return eventChanges(event(old), event(next)).map((line) => line.replace('@.properties.properties.p', '@p'));
}

const two = {
  shop: { description: 'A shop.', owner: 'team' },
  till: { description: 'A till.', owner: 'team' },
};
const entry = { description: 'E.', owner: 'team', apps: ['shop'] };

describe('catalogues that say the same', () => {
  it('have no changes', () => {
    expect(diffCatalogues(exampleCatalogue(), exampleCatalogue())).toEqual([]);
  });

  it('are the same in another order, with other examples and with defaults spelt out', () => {
    const p = { type: 'string', 'x-privacy': 'technical' };
    const q = { type: 'array', items: { type: 'integer' }, 'x-privacy': 'technical' };
    const old = smallFile({ properties: { properties: { p, q } } });
    const next = smallFile({
      version: 1,
      enabled: true,
      optIn: false,
      gpc: 'anonymise',
      maxBytes: 2048,
      unknownProperties: 'cut',
      entity: { types: ['item', 'cart'] },
      properties: {
        type: 'object',
        required: [],
        properties: { q: { ...q, maxItems: 32 }, p: { ...p, maxLength: 64, minLength: 0, examples: ['a'] } },
      },
    });
    expect(changes(old, next)).toEqual([]);
  });
});

describe('changes of the sections', () => {
  const apps = (apps: JsonObject, senders: string[]) => ({
    ...smallFile({ apps: senders }),
    apps,
  });
  const { shop } = two;

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'an app that is gone is told of once',
      apps(two, ['shop', 'till']),
      apps({ shop }, ['shop']),
      ['incompatible app_removed apps.till: the app was removed: its events are refused'],
    ],
    [
      'an app that is new',
      apps({ shop }, ['shop']),
      apps(two, ['shop', 'till']),
      ['compatible app_added apps.till: the app was added'],
    ],
    [
      'an app that may no longer send an event type',
      apps(two, ['shop', 'till']),
      apps(two, ['shop']),
      [
        'incompatible event_type_app_removed eventTypes.bought.apps: the app till may no longer send it: such events are refused',
      ],
    ],
    [
      'an app that may send an event type, too',
      apps(two, ['shop']),
      apps(two, ['shop', 'till']),
      ['compatible event_type_app_added eventTypes.bought.apps: the app till may send it, too'],
    ],
    [
      'an owner and a description',
      apps(two, ['shop']),
      apps({ ...two, till: { description: 'Another.', owner: 'other' } }, ['shop']),
      [
        'note text apps.till.description: the description was changed',
        'note text apps.till.owner: the owner was changed',
      ],
    ],
    [
      'event types that are gone and new',
      { ...smallFile(), eventTypes: { a: entry, b: entry } },
      { ...smallFile(), eventTypes: { b: entry, 'c.d': entry } },
      [
        'incompatible event_type_removed eventTypes.a: the event type was removed: such events are refused',
        'compatible event_type_added eventTypes["c.d"]: the event type was added',
      ],
    ],
    [
      'entity types that are gone and new',
      { ...smallFile(), entityTypes: { item: { description: 'I.', format: 'uuid' } } },
      { ...smallFile(), entityTypes: { cart: { description: 'C.', format: 'uuid' } } },
      [
        'incompatible entity_type_removed entityTypes.item: the entity type was removed: events that carry it are refused',
        'compatible entity_type_added entityTypes.cart: the entity type was added',
      ],
    ],
    [
      'ids of another form',
      { ...smallFile(), entityTypes: { item: { description: 'I.', format: 'uuid' } } },
      { ...smallFile(), entityTypes: { item: { description: 'J.', pattern: '^a$', maxLength: 9 } } },
      [
        'note text entityTypes.item.description: the description was changed',
        'incompatible id_format entityTypes.item.pattern: ids were UUIDs, are ^a$: others are refused',
        'incompatible id_length_lowered entityTypes.item.maxLength: maxLength was 36, is 9: longer ids are refused',
      ],
    ],
    [
      'longer ids',
      { ...smallFile(), entityTypes: { item: { description: 'I.', pattern: '^a$', maxLength: 9 } } },
      { ...smallFile(), entityTypes: { item: { description: 'I.', pattern: '^a$' } } },
      ['compatible id_length_raised entityTypes.item.maxLength: maxLength was 9, is 256'],
    ],
    [
      'totals that are kept for longer',
      { ...smallFile(), entityTypes: { item: { description: 'I.', format: 'uuid' } } },
      { ...smallFile(), entityTypes: { item: { description: 'I.', format: 'uuid', keepTotalsDays: 730 } } },
      [
        'privacy totals_kept entityTypes.item.keepTotalsDays: daily totals were kept as long as events, are kept 730 days',
      ],
    ],
    [
      'totals that are kept for less long',
      { ...smallFile(), entityTypes: { item: { description: 'I.', format: 'uuid', keepTotalsDays: 730 } } },
      { ...smallFile(), entityTypes: { item: { description: 'I.', format: 'uuid', keepTotalsDays: 90 } } },
      ['note totals_kept entityTypes.item.keepTotalsDays: daily totals were kept 730 days, are kept 90 days'],
    ],
  ])('%s', (_what, old, next, expected) => {
    expect(changes(old, next)).toEqual(expected);
  });
});

describe('changes of an event type', () => {
  const required = { entity: { types: ['item'], required: true } };
  const optional = { entity: { types: ['item'] } };

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'switched off',
      {},
      { enabled: false },
      ['incompatible event_type_disabled @.enabled: was switched off: such events are dropped as DISABLED'],
    ],
    ['switched on', { enabled: false }, {}, ['compatible event_type_enabled @.enabled: was switched on']],
    [
      'deprecated',
      {},
      { deprecated: { reason: 'Old.' } },
      ['note event_type_deprecated @.deprecated: was deprecated: still taken'],
    ],
    [
      'deprecated no more',
      { deprecated: { reason: 'Old.' } },
      {},
      ['note event_type_undeprecated @.deprecated: is no longer deprecated'],
    ],
    [
      'deprecated for another reason',
      { deprecated: { reason: 'Old.' } },
      { deprecated: { reason: 'Older.' } },
      ['note text @.deprecated.reason: the reason was changed'],
    ],
    [
      'described and owned otherwise',
      {},
      { description: 'B.', owner: 'other' },
      ['note text @.description: the description was changed', 'note text @.owner: the owner was changed'],
    ],
    [
      'only after asking',
      {},
      { optIn: true },
      ['privacy opt_in @.optIn: users are to be asked first: clients that were built before do not ask'],
    ],
    ['without asking', { optIn: true }, {}, ['privacy opt_in @.optIn: users are no longer asked first']],
    [
      'dropped for those who opted out',
      {},
      { gpc: 'drop' },
      ['note gpc @.gpc: events of visitors who opted out (Sec-GPC, DNT) are dropped, no longer counted'],
    ],
    [
      'counted for those who opted out',
      { gpc: 'drop' },
      {},
      ['privacy gpc @.gpc: events of visitors who opted out (Sec-GPC, DNT) are counted, no longer dropped'],
    ],
    [
      'strict',
      {},
      { unknownProperties: 'reject' },
      [
        'incompatible unknown_properties @.unknownProperties: an event with an undeclared property is refused, was taken without it',
      ],
    ],
    [
      'lenient',
      { unknownProperties: 'reject' },
      {},
      [
        'compatible unknown_properties @.unknownProperties: an undeclared property is cut off, the event no longer refused',
      ],
    ],
    [
      'smaller',
      {},
      { maxBytes: 99 },
      ['incompatible max_bytes_lowered @.maxBytes: maxBytes was 2048, is 99: larger events are refused'],
    ],
    ['larger', { maxBytes: 99 }, {}, ['compatible max_bytes_raised @.maxBytes: maxBytes was 99, is 2048']],
    [
      'with a required entity',
      optional,
      required,
      [
        'incompatible entity_required @.entity.required: an entity is required: events without one are refused',
      ],
    ],
    [
      'with an optional entity',
      required,
      optional,
      ['compatible entity_optional @.entity.required: an entity is no longer required'],
    ],
    [
      'on fewer entity types',
      {},
      optional,
      [
        'incompatible event_type_entity_type_removed @.entity.types: may no longer carry the entity type cart: such events are refused',
      ],
    ],
    [
      'on more entity types',
      { entity: { types: [] } },
      optional,
      ['compatible event_type_entity_type_added @.entity.types: may carry the entity type item, too'],
    ],
  ])('%s', (_what, old, next, expected) => {
    expect(eventChanges(old, next)).toEqual(expected);
  });
});

describe('changes of versions', () => {
  const p = { type: 'string', 'x-privacy': 'technical' };
  const v1 = { properties: { p } };
  const v2 = { properties: { p: { ...p, type: 'boolean' } } };

  it('judges events that name a version by that version, others by the current one', () => {
    expect(
      eventChanges(
        { properties: v1 },
        { version: 2, properties: v2, previousVersions: { '1': { properties: v1 } } },
      ),
    ).toEqual([
      'compatible event_type_version_added @: version 2 was added',
      'note event_type_current_version @.version: the version was 1, is 2: events that name none are held against it',
      'incompatible property_type @.properties.properties.p.type: the type was string, is boolean: values of the old one are refused',
    ]);
  });

  it('finds a version that is no longer taken', () => {
    expect(eventChanges({ properties: v1 }, { version: 2, properties: v1 })).toEqual([
      'incompatible event_type_version_removed @: version 1 is no longer taken: events that name it are refused',
      'compatible event_type_version_added @: version 2 was added',
      'note event_type_current_version @.version: the version was 1, is 2: events that name none are held against it',
    ]);
  });

  it('looks into older versions, and says which', () => {
    const old = { version: 2, properties: v2, previousVersions: { '1': { properties: v1 } } };
    const next = { version: 2, properties: v2, previousVersions: { '1': {} } };
    expect(diffCatalogues(read(smallFile(old)), read(smallFile(next)))).toEqual([
      {
        level: 'incompatible',
        kind: 'property_removed',
        path: 'eventTypes.bought.previousVersions["1"].properties.properties.p',
        eventType: 'bought',
        eventVersion: 1,
        property: 'p',
        message: 'the property was removed: it is cut off',
      },
    ]);
  });
});

describe('changes of properties', () => {
  const p = { type: 'string', 'x-privacy': 'behavioural' };
  const none = { properties: {} };
  const optional = { properties: { properties: { p } } };
  const required = { properties: { properties: { p }, required: ['p'] } };
  const where = '@.properties.properties.p';

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['added', none, optional, [`compatible property_added ${where}: the property was added (behavioural)`]],
    [
      'added and required',
      none,
      required,
      [
        `incompatible property_added ${where}: a required property was added (behavioural): events without it are refused`,
      ],
    ],
    [
      'removed, where such are cut off',
      required,
      none,
      [`incompatible property_removed ${where}: the property was removed: it is cut off`],
    ],
    [
      'removed, where such are refused',
      { ...optional, unknownProperties: 'reject' },
      { ...none, unknownProperties: 'reject' },
      [`incompatible property_removed ${where}: the property was removed: events that have it are refused`],
    ],
    [
      'required',
      optional,
      required,
      [`incompatible property_required ${where}: is required: events without it are refused`],
    ],
    ['optional', required, optional, [`compatible property_optional ${where}: is no longer required`]],
    [
      'renamed',
      optional,
      { properties: { properties: { q: p } } },
      [
        `incompatible property_removed ${where}: the property was removed: it is cut off`,
        'compatible property_added @.properties.properties.q: the property was added (behavioural)',
      ],
    ],
  ])('%s', (_what, old, next, expected) => {
    expect(eventChanges(old, next)).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'closer to a person',
      { type: 'string' },
      { type: 'string', 'x-privacy': 'sensitive' },
      [
        'privacy privacy_class @p["x-privacy"]: x-privacy was technical, is sensitive: closer to a person than was thought',
      ],
    ],
    [
      'less guarded',
      { type: 'string', 'x-privacy': 'sensitive' },
      { type: 'string', 'x-privacy': 'identifier' },
      [
        'privacy privacy_class @p["x-privacy"]: x-privacy was sensitive, is identifier: guarded less than before',
      ],
    ],
    [
      'described and deprecated',
      { type: 'string' },
      { type: 'string', description: 'D.', title: 'T', deprecated: true },
      [
        'note text @p.title: the title was changed',
        'note text @p.description: the description was changed',
        'note property_deprecated @p: was deprecated: still taken',
      ],
    ],
    [
      'deprecated no more',
      { type: 'string', deprecated: true },
      { type: 'string' },
      ['note property_undeprecated @p: is no longer deprecated'],
    ],
    [
      'of another type',
      { type: 'string' },
      { type: 'integer' },
      [
        'incompatible property_type @p.type: the type was string, is integer: values of the old one are refused',
      ],
    ],
    [
      'number to integer',
      { type: 'number' },
      { type: 'integer' },
      [
        'incompatible property_type @p.type: the type was number, is integer: values of the old one are refused',
      ],
    ],
    [
      'integer to number',
      { type: 'integer', minimum: 0, maximum: 9 },
      { type: 'number', minimum: 0, maximum: 9 },
      [
        'compatible property_type @p.type: the type was integer, is number',
        'compatible range_widened @p: numbers were multiples of 1, are any',
      ],
    ],
    [
      'other values',
      { type: 'string', enum: ['a', 'b'] },
      { type: 'string', enum: ['b', 'c'] },
      [
        'incompatible value_removed @p.enum: no longer takes "a": such events are refused',
        'compatible value_added @p.enum: takes "c", too',
      ],
    ],
    [
      'one value',
      { type: 'string', enum: ['a', 'b'] },
      { type: 'string', const: 'a' },
      ['incompatible value_removed @p.const: no longer takes "b": such events are refused'],
    ],
    [
      'one boolean',
      { type: 'boolean' },
      { type: 'boolean', const: true },
      ['incompatible value_removed @p.const: no longer takes false: such events are refused'],
    ],
    [
      'any boolean',
      { type: 'boolean', const: true },
      { type: 'boolean' },
      ['compatible value_added @p: takes false, too'],
    ],
    [
      'values at all',
      { type: 'integer' },
      { type: 'integer', enum: [1, 2] },
      ['incompatible value_removed @p.enum: any was taken, now only 1, 2: others are refused'],
    ],
    [
      'no values any more, and all of them fit',
      { type: 'string', enum: ['a', 'b'] },
      { type: 'string', maxLength: 1 },
      ['compatible value_added @p: took "a", "b" only, now takes others, too'],
    ],
    [
      'no values any more, and one does not fit',
      { type: 'string', enum: ['a', 'bb'] },
      { type: 'string', pattern: '^.$' },
      [
        'incompatible value_removed @p: no longer takes "bb": such events are refused',
        'compatible value_added @p: took "a", "bb" only, now takes others, too',
      ],
    ],
    [
      'shorter',
      { type: 'string' },
      { type: 'string', maxLength: 32 },
      ['incompatible range_narrowed @p.maxLength: the length was ≤ 64, is ≤ 32: more is refused'],
    ],
    [
      'longer at both ends',
      { type: 'string', minLength: 2, maxLength: 9 },
      { type: 'string', minLength: 1, maxLength: 10 },
      [
        'compatible range_widened @p.minLength: the length was ≥ 2, is ≥ 1',
        'compatible range_widened @p.maxLength: the length was ≤ 9, is ≤ 10',
      ],
    ],
    [
      'with a pattern',
      { type: 'string' },
      { type: 'string', pattern: '^a$' },
      ['incompatible pattern @p.pattern: there was no pattern, is ^a$: text that does not match is refused'],
    ],
    [
      'with another pattern',
      { type: 'string', pattern: '^a$' },
      { type: 'string', pattern: '^b$' },
      ['incompatible pattern @p.pattern: the pattern was ^a$, is ^b$: text that does not match is refused'],
    ],
    [
      'without pattern',
      { type: 'string', pattern: '^a$' },
      { type: 'string' },
      ['compatible pattern @p: the pattern ^a$ was removed'],
    ],
    [
      'a smaller range, and one that leaves out its end',
      { type: 'number', minimum: 0, maximum: 9 },
      { type: 'number', exclusiveMinimum: 0, maximum: 8 },
      [
        'incompatible range_narrowed @p.exclusiveMinimum: the number was ≥ 0, is > 0: less is refused',
        'incompatible range_narrowed @p.maximum: the number was ≤ 9, is ≤ 8: more is refused',
      ],
    ],
    [
      'a bound where there was none',
      { type: 'number' },
      { type: 'number', maximum: 8 },
      ['incompatible range_narrowed @p.maximum: the number was not bounded, is ≤ 8: more is refused'],
    ],
    [
      'whole numbers that are written otherwise',
      { type: 'integer', minimum: 1, maximum: 9 },
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10, multipleOf: 1 },
      [],
    ],
    [
      'coarser steps',
      { type: 'number', multipleOf: 0.1 },
      { type: 'number', multipleOf: 0.2 },
      [
        'incompatible range_narrowed @p.multipleOf: numbers were multiples of 0.1, are multiples of 0.2: others are refused',
      ],
    ],
    [
      'finer steps',
      { type: 'number', multipleOf: 0.3 },
      { type: 'number', multipleOf: 0.1 },
      ['compatible range_widened @p.multipleOf: numbers were multiples of 0.3, are multiples of 0.1'],
    ],
    [
      'fewer entries, and other ones',
      { type: 'array', items: { type: 'string', maxLength: 9 } },
      { type: 'array', minItems: 1, items: { type: 'string', maxLength: 8 } },
      [
        'incompatible range_narrowed @p.minItems: the number of entries was ≥ 0, is ≥ 1: less is refused',
        'incompatible range_narrowed @p.items.maxLength: the length was ≤ 9, is ≤ 8: more is refused',
      ],
    ],
  ])('%s', (_what, old, next, expected) => {
    expect(valueChanges(old, next)).toEqual(expected);
  });

  it('are found at any depth, and named as in the docs', () => {
    const list = (inner: JsonObject) => ({
      properties: {
        properties: {
          list: {
            type: 'array',
            'x-privacy': 'technical',
            items: { type: 'object', properties: { n: { 'x-privacy': 'technical', ...inner } } },
          },
        },
      },
    });
    const [change, ...more] = diffCatalogues(
      read(smallFile(list({ type: 'integer' }))),
      read(smallFile(list({ type: 'string' }))),
    );
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      kind: 'property_type',
      eventType: 'bought',
      property: 'list[].n',
      path: 'eventTypes.bought.properties.properties.list.items.properties.n.type',
    });
  });
});

describe('isCompatible', () => {
  it.each([
    ['incompatible', false],
    ['privacy', false],
    ['compatible', true],
    ['note', true],
  ] as const)('where a change is %s: %s', (level, expected) => {
    expect(isCompatible([{ level, kind: 'text', path: '', message: '' }])).toBe(expected);
  });

  it('holds where nothing has changed', () => {
    expect(isCompatible([])).toBe(true);
  });
});
