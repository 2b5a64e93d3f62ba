import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { catalogueTypes } from '../../src/catalogue-tools/index.js';
import type { JsonObject } from '../../src/contract/index.js';
import { exampleCatalogue, root, smallFile } from '../catalogue/samples.js';
import { bundler, nodeNext, type TypescriptProject, typescriptProject } from './typescript-project.js';

const module = 'signals-client';
const example = () => catalogueTypes(exampleCatalogue(), { source: 'catalogue.json', module });

function typesOf(file: JsonObject, app?: string): string {
  const parsed = parseCatalogue(JSON.stringify(file));
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return catalogueTypes(parsed.value, { source: 'my.json', app, module });
}

/** What is left of a TypeScript file at run time. */
function emitted(text: string): string {
  const compilerOptions = { removeComments: true, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

const head = `import { type AnyTrack, createTracker } from 'signals-client';
import type { SignalsEventName, SignalsEvents, SignalsTrack } from './events.js';
const { track } = createTracker();
const tracker = createTracker();
`;
const privacy = { 'x-privacy': 'technical' };
const shop = smallFile({
  description: 'Something was bought.',
  entity: { types: ['cart', 'item'], required: true },
  version: 3,
  properties: {
    required: ['size', 'dashed-name'],
    properties: {
      size: { type: 'string', enum: ["it's", 'big\n'], ...privacy },
      'dashed-name': { type: 'boolean', ...privacy },
      always: { type: 'integer', const: -1, ...privacy },
      share: { type: 'number', minimum: 0, exclusiveMaximum: 1, description: 'How much.', ...privacy },
      word: { type: 'string', maxLength: 9, minLength: 2, pattern: '^[a-z]*/`$', ...privacy },
      list: { type: 'array', maxItems: 3, items: { type: 'integer', enum: [1, 2] }, ...privacy },
      grid: { type: 'array', items: { type: 'array', items: { type: 'string' } }, ...privacy },
      nothing: { type: 'object', properties: {}, ...privacy },
      nested: {
        type: 'object',
        required: ['inner'],
        properties: { inner: { type: 'integer', deprecated: true, ...privacy } },
        ...privacy,
      },
    },
  },
});

describe('the generated file', () => {
  it('is, for the example catalogue, the one in test/golden (renew with: npx vitest run -u)', async () => {
    await expect(example()).toMatchFileSnapshot(join(root, 'test', 'golden', 'example-events.ts.txt'));
  });

  it('says everything that an event type can say', () => {
    const text = typesOf(shop);
    const start = text.indexOf('/** Details of `bought`');
    expect(text.slice(start, text.indexOf('/** The details of every'))).toMatchInlineSnapshot(`
      "/** Details of \`bought\`. */
      export interface Bought extends SignalsDetails {
        properties: {
          /** Privacy: technical. */
          size: 'it\\'s' | 'big\\n';
          /** Privacy: technical. */
          'dashed-name': boolean;
          /** Privacy: technical. */
          always?: -1 | undefined;
          /**
           * How much.
           *
           * Number, ≥ 0, < 1. Privacy: technical.
           */
          share?: number | undefined;
          /** Text of 2–9 characters, \`\`^[a-z]*\\/\`$\`\`. Privacy: technical. */
          word?: string | undefined;
          /** List of 0–3 × one of \`1\`, \`2\`. Privacy: technical. */
          list?: readonly (1 | 2)[] | undefined;
          /** List of 0–32 × list of 0–32 × text of 0–64 characters. Privacy: technical. */
          grid?: readonly (readonly string[])[] | undefined;
          /** Privacy: technical. */
          nothing?: Record<string, never> | undefined;
          /** Privacy: technical. */
          nested?: {
            /**
             * Integer, ≥ -9007199254740991, ≤ 9007199254740991. Privacy: technical.
             *
             * @deprecated No longer to be sent.
             */
            inner: number;
          } | undefined;
        };
        entity: {
          type: 'cart' | 'item';
          /**
           * - \`cart\`: UUID. A cart.
           * - \`item\`: \`^[a-z]+$\`, at most 8 characters. An item.
           */
          id: string;
        };
        eventVersion?: 3 | undefined;
      }

      "
    `);
  });

  it.each([
    ['NodeNext', nodeNext],
    ['a bundler', bundler],
  ])('compiles with the resolution of %s, as .ts and as .d.ts', (_name, options) => {
    for (const name of ['events.ts', 'events.d.ts']) {
      const project = typescriptProject({ [name]: example() }, { ...options, noUnusedLocals: true });
      expect(project.errors(name)).toEqual([]);
    }
  });

  it('leaves nothing at run time', () => {
    expect(emitted(example())).toBe('export {};\n');
  });

  it('is the same for the same catalogue, and ends with a line break', () => {
    expect(example()).toBe(example());
    expect(example()).toMatch(/[^\n]\n$/);
  });

  it('has only the event types of the app that is asked for', () => {
    const text = catalogueTypes(exampleCatalogue(), { source: 'c.json', app: 'videos-admin', module });
    const names = [...text.matchAll(/\(eventType: '(\w+)'/g)].map(([, name]) => name);
    expect(names).toEqual(['heartbeat', 'video_published']);
    expect(text).toMatch(
      /^\/\/ Generated by `signals codegen` from c\.json, app videos-admin; do not edit\.\n/,
    );
    expect(typescriptProject({ 'events.ts': text }).errors('events.ts')).toEqual([]);
  });

  it('compiles where an app has no events, and where every event needs details', () => {
    const file = { ...smallFile(), apps: { ...(smallFile().apps as JsonObject), idle: shopApp } };
    for (const text of [typesOf(file, 'idle'), typesOf(shop)]) {
      expect(typescriptProject({ 'events.ts': text }).errors('events.ts')).toEqual([]);
    }
    const project = typescriptProject({
      'events.ts': typesOf(file, 'idle'),
      'use.ts': `${head}track('bought', {});\n`,
    });
    expect(project.errors('use.ts')).toEqual([expect.stringMatching(/^'bought': /)]);
  });

  it('names another module when told so', () => {
    const text = catalogueTypes(exampleCatalogue(), { source: 'c.json', module: "../it's/sdk.js" });
    expect(text).toContain("declare module '../it\\'s/sdk.js' {");
  });
});

const shopApp = { description: 'Sends nothing.', owner: 'team' };

describe('names', () => {
  it('become types of their own, whatever they collide with', () => {
    const event = { description: 'E.', owner: 'team', apps: ['shop'] };
    const names = ['a_b', 'a.b', 'A-B', 'a_b2', 'date', 'record', 'signals_track', 'constructor', 'x.-y_'];
    const text = typesOf({
      ...smallFile(),
      eventTypes: Object.fromEntries(names.map((name) => [name, event])),
    });
    const types = [...text.matchAll(/^export interface (\w+) extends SignalsDetails/gm)].map(
      ([, type]) => type,
    );
    expect(types).toEqual([
      'AB',
      'AB2',
      'AB3',
      'AB22',
      'Date2',
      'Record2',
      'SignalsTrack2',
      'Constructor',
      'XY',
    ]);
    const project = typescriptProject({
      'events.ts': text,
      'use.ts': `${head}${names.map((name) => `track('${name}', { occurredAt: new Date() });`).join('\n')}\n`,
    });
    expect([...project.errors('events.ts'), ...project.errors('use.ts')]).toEqual([]);
  });
});

describe('text of a catalogue', () => {
  const hostile = 'a */ export const x = 1; /* `b\n@deprecated c {@link d} \u202e e\u2028@see f \ud800';

  it('cannot end a comment, open a tag or hide what follows', () => {
    const text = typesOf(
      smallFile({
        description: hostile,
        owner: hostile,
        properties: {
          properties: { p: { type: 'string', enum: [hostile], description: hostile, ...privacy } },
        },
      }),
    );
    expect(emitted(text)).toBe('export {};\n');
    expect(text).not.toMatch(/[\u2028\u202e\p{Surrogate}]/u);
    const project = typescriptProject({
      'events.ts': text,
      'use.ts': `${head}track('bought');\ntrack('bought', { properties: { p: ${JSON.stringify(hostile)} } });\n`,
    });
    expect(project.errors('events.ts')).toEqual([]);
    expect(project.errors('use.ts')).toEqual([]);
    expect(project.deprecated('use.ts')).toEqual([]);
    expect(project.hover('use.ts', "track('bought'")).not.toMatch(/^@/m);
  });

  it('still lets a deprecation be one, whatever stands before it', () => {
    const text = typesOf(smallFile({ description: hostile, deprecated: { reason: hostile } }));
    const project = typescriptProject({ 'events.ts': text, 'use.ts': `${head}track('bought');\n` });
    expect(project.deprecated('use.ts')).toEqual(['track 6387']);
  });

  it('can be a file name, too', () => {
    const parsed = parseCatalogue(JSON.stringify(smallFile()));
    if (!parsed.ok) throw new Error();
    const text = catalogueTypes(parsed.value, { source: 'a\nexport const x = 1;.json', module });
    expect(text).not.toMatch(/^export const/m);
  });
});

describe('a call of track', () => {
  let project: TypescriptProject;
  beforeAll(() => {
    project = typescriptProject({ 'events.ts': example(), 'use.ts': head, 'shop.ts': '' });
  });
  const errorsOf = (code: string) => {
    project.write('use.ts', `${head}${code}\n`);
    return project.errors('use.ts');
  };

  it('is there for every event type, in the docs of its app', () => {
    expect(project.errors('events.ts')).toEqual([]);
  });

  it.each([
    "track('journey_create_clicked');",
    "track('journey_create_clicked', {});",
    "track('journey_create_clicked', undefined);",
    "track('journey_create_from_template', { entity: { type: 'template', id: 'x' } });",
    "track('cta_clicked', { properties: { ctaId: 'hero' }, route: '/', occurredAt: new Date(0) });",
    "track('cta_clicked', { properties: { ctaId: 'hero', destination: undefined }, entity: undefined });",
    "track('ai_translation_language_picked', { properties: { language: 'en', kind: 'text' }, eventVersion: 1 });",
    "track(Math.random() < 0.5 ? 'journey_create_clicked' : 'page_viewed');",
    "tracker.track('heartbeat', { properties: { intervalMs: 1 } });",
    'const any: SignalsTrack = createTracker<(type: string, details?: object) => void>().track; any;',
    'const any: AnyTrack = () => undefined; const names: SignalsEventName[] = []; any; names;',
    `function later<Name extends SignalsEventName>(name: Name, details: SignalsEvents[Name]) {
       track(name, details);
       createTracker<AnyTrack>().track(name, details);
     }
     later('cta_clicked', { properties: { ctaId: 'hero' } });`,
  ])('compiles: %s', (code) => {
    expect(errorsOf(code)).toEqual([]);
    expect(project.deprecated('use.ts')).toEqual([]);
  });

  it.each([
    [
      'a wrong type names the property',
      "track('cta_clicked', { properties: { ctaId: 1 } });",
      /^ctaId: .*Type 'number' is not assignable to type 'string'\.$/,
    ],
    [
      'a missing property is named',
      "track('cta_clicked', { properties: {} });",
      /^properties: .*Property 'ctaId' is missing in type '\{\}'/,
    ],
    [
      'missing properties are named',
      "track('cta_clicked', {});",
      /^\{\}: .*Property 'properties' is missing in type '\{\}' but required in type 'CtaClicked'\.$/,
    ],
    [
      'a property too many is named',
      "track('cta_clicked', { properties: { ctaId: 'a', foo: 1 } });",
      /^foo: .*'foo' does not exist in type/,
    ],
    [
      'properties of an event without any are',
      "track('video_published', { properties: { foo: 1 } });",
      /^properties: .*'properties' does not exist in type 'VideoPublished'\.$/,
    ],
    [
      'a value that is none of the enum’s is',
      "track('ai_translation_language_picked', { properties: { language: 'en', kind: 'song' } });",
      /^kind: .*'"song"' is not assignable to type '"text" \| "video" \| undefined'\.$/,
    ],
    [
      'an entity type that is not allowed is',
      "track('video_published', { entity: { type: 'journey', id: 'x' } });",
      /^type: .*'"journey"' is not assignable to type '"video"'\.$/,
    ],
    [
      'a version that is not the one of the types is',
      "track('video_published', { eventVersion: 2 });",
      /^eventVersion: .*'2' is not assignable to type '1'\.$/,
    ],
    [
      'left-out details are',
      "track('cta_clicked');",
      /^'cta_clicked': .*'"cta_clicked"' is not assignable to parameter of type 'SignalsEventNameWithOptionalDetails'\.$/,
    ],
    [
      'an unknown event type is, alone',
      "track('no_such');",
      /^'no_such': .*'"no_such"' is not assignable to parameter of type/,
    ],
    [
      'an unknown event type is, with details',
      "track('no_such', {});",
      /^'no_such': .*'"no_such"' is not assignable to parameter of type 'keyof SignalsEvents'\.$/,
    ],
    [
      'details of another event are',
      "declare const one: 'cta_clicked' | 'page_viewed'; track(one);",
      /^one: .*SignalsEventNameWithOptionalDetails/,
    ],
  ])('%s: %s', (_what, code, message) => {
    const errors = errorsOf(code);
    expect(errors).toEqual([expect.stringMatching(message)]);
    // One sentence about the call at hand, not one for each of the event types.
    expect(errors.join().length).toBeLessThan(400);
  });

  it('is struck through where the event type is deprecated, and only there', () => {
    project.write(
      'use.ts',
      `${head}track('create_journey_clicked');
tracker.track('create_journey_clicked', { route: '/' });
track('journey_create_clicked');
type Old = SignalsEvents['create_journey_clicked'];
`,
    );
    expect(project.deprecated('use.ts')).toEqual([
      'track 6387',
      'track 6387',
      "'create_journey_clicked' 6385",
    ]);
    expect(project.hover('use.ts', "track('create")).toContain(
      '@deprecated Renamed, so that all events on journeys begin alike. Use `journey_create_clicked`.',
    );
  });

  it('is not struck through for another mistake', () => {
    const first = smallFile({ deprecated: { reason: 'Old.' } });
    const { bought = {} } = first.eventTypes as JsonObject;
    const sold = { description: 'Sold.', owner: 'team', apps: ['shop'] };
    const two = typescriptProject({
      'events.ts': typesOf({ ...first, eventTypes: { bought, sold } }),
      'use.ts': `${head}track('sold', { foo: 1 });\ntrack('no_such');\n`,
    });
    expect(two.errors('use.ts')).toHaveLength(2);
    expect(two.deprecated('use.ts')).toEqual([]);
  });

  it('shows the docs of its event type, and of its properties', () => {
    project.write('use.ts', `${head}track('cta_clicked', { properties: { ctaId: 'hero' } });\n`);
    expect(project.hover('use.ts', "track('cta")).toBe(
      'A call to action was clicked.\n\n- Owner: web\n- Apps: web\n- At most 2048 bytes of properties',
    );
    expect(project.hover('use.ts', 'ctaId')).toBe(
      'The call to action, as its page names it.\n\nText of 0–64 characters, `^[A-Za-z0-9][A-Za-z0-9._:/+-]*$`. Privacy: identifier.',
    );
    project.write('use.ts', `${head}track('voice', { properties: { durationMs: 1 } });\n`);
    expect(project.hover('use.ts', "track('voice")).toContain('- Opt-in: ask the user before it is sent');
  });

  it('is completed: event types, properties, values', () => {
    project.write('use.ts', `${head}track('');\n`);
    const names = [...exampleCatalogue().eventTypes.keys()];
    expect(project.completions('use.ts', "track('").sort()).toEqual(names.sort());
    const call = "track('ai_translation_language_picked', { properties: {";
    project.write('use.ts', `${head}${call}  } });\n`);
    expect(project.completions('use.ts', call).sort()).toEqual(['kind', 'language']);
    project.write('use.ts', `${head}${call} kind: '' } });\n`);
    expect(project.completions('use.ts', "kind: '")).toEqual(['text', 'video']);
    project.write('use.ts', `${head}track('video_published', { entity: { type: '' } });\n`);
    expect(project.completions('use.ts', "type: '")).toEqual(['video']);
  });

  it('takes any event where nothing was generated', () => {
    const bare = typescriptProject({
      'use.ts': `import { createTracker } from 'signals-client';
createTracker().track('whatever', { properties: { a: 1 } });
`,
    });
    expect(bare.errors('use.ts')).toEqual([]);
  });
});

describe('a call of track with every kind of property', () => {
  const project = typescriptProject({ 'events.ts': typesOf(shop), 'use.ts': head });
  const least = "size: 'big\\n', 'dashed-name': true";
  const errorsOf = (properties: string, entity = "{ type: 'cart', id: 'x' }") => {
    project.write(
      'use.ts',
      `${head}track('bought', { properties: { ${properties} }, entity: ${entity} });\n`,
    );
    return project.errors('use.ts');
  };

  it.each([
    least,
    `${least}, always: -1, share: 0.5, word: 'ab'`,
    `${least}, list: [1, 2] as const, grid: [['a'] as const] as const, nothing: {}, nested: { inner: 1 }`,
  ])('compiles with { %s }', (properties) => {
    expect(errorsOf(properties)).toEqual([]);
  });

  it.each([
    ["size: 'small', 'dashed-name': true", 'size'],
    ["size: 'big\\n'", 'dashed-name'],
    [`${least}, always: 1`, 'always'],
    [`${least}, share: '1'`, 'share'],
    [`${least}, word: null`, 'word'],
    [`${least}, list: [3]`, '3'],
    [`${least}, grid: ['a']`, "'a'"],
    [`${least}, nothing: { a: 1 }`, 'a'],
    [`${least}, nested: {}`, 'inner'],
  ])('does not compile with { %s } and says %s', (properties, name) => {
    const errors = errorsOf(properties);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(name);
  });

  it('wants the entity that is required', () => {
    expect(errorsOf(least, 'undefined')).toHaveLength(1);
    expect(errorsOf(least, "{ type: 'item', id: 'x' }")).toEqual([]);
    expect(errorsOf(least, "{ type: 'journey', id: 'x' }")[0]).toMatch(/^type: /);
  });
});
