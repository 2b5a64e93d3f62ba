import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { catalogueFileSchema, catalogueMarkdown } from '../../src/catalogue-tools/index.js';
import type { JsonObject } from '../../src/contract/index.js';
import { exampleCatalogue, exampleText, object, root, smallFile } from '../catalogue/samples.js';

function pageOf(file: JsonObject): string {
  const parsed = parseCatalogue(JSON.stringify(file));
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return catalogueMarkdown(parsed.value, 'my.json');
}

const privacy = { 'x-privacy': 'technical' };

describe('catalogueMarkdown', () => {
  it('is in step with docs/catalogue.md', () => {
    const page = readFileSync(join(root, 'docs', 'catalogue.md'), 'utf8');
    expect(catalogueMarkdown(exampleCatalogue(), '../examples/catalogue.json')).toBe(page);
  });

  it('names every app, entity type, event type and property with its privacy class', () => {
    const catalogue = exampleCatalogue();
    const page = catalogueMarkdown(catalogue, 'x');
    for (const name of [...catalogue.apps.keys(), ...catalogue.entityTypes.keys()]) {
      expect(page).toContain(`| \`${name}\` |`);
    }
    for (const event of catalogue.eventTypes.values()) {
      const section = page.split(`\n### ${event.name}\n`)[1]?.split('\n### ')[0] ?? '';
      for (const [name, schema] of Object.entries(object(event.schema.properties))) {
        expect(section).toMatch(
          new RegExp(`^\\| \`${name}\` \\|.*\\| ${object(schema)['x-privacy']} \\|`, 'm'),
        );
      }
    }
  });

  it('prints everything that an event type can say', () => {
    const page = pageOf(
      smallFile({
        version: 2,
        previousVersions: { '1': {} },
        deprecated: { reason: 'Too *old*.' },
        enabled: false,
        optIn: true,
        gpc: 'drop',
        unknownProperties: 'reject',
        maxBytes: 99,
        entity: { types: ['cart', 'item'], required: true },
        properties: {
          required: ['word'],
          properties: {
            word: { type: 'string', pattern: '^(?:a|b)$', description: 'a | b\nc <script>', ...privacy },
            pick: { type: 'string', enum: ['x', 'y'], deprecated: true, ...privacy },
            same: { type: 'boolean', const: true, ...privacy },
            share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, multipleOf: 0.1, ...privacy },
            list: {
              type: 'array',
              items: {
                type: 'object',
                properties: { n: { type: 'integer', minimum: 0, maximum: 9, ...privacy } },
              },
              ...privacy,
            },
          },
        },
      }),
    );
    expect(page.slice(page.indexOf('### bought'))).toMatchInlineSnapshot(`
      "### bought

      **Deprecated.** Too \\*old\\*.

      Bought.

      - Apps: \`shop\`
      - Owner: team
      - Entity: \`cart\`, \`item\` (required)
      - Version: 2; also accepted: 1
      - Switched off: events are dropped as \`DISABLED\`
      - Opt-in: clients ask the user before they send it
      - Dropped where the browser says \`Sec-GPC\` or \`DNT\`
      - Refused where it holds an undeclared property
      - At most 99 bytes

      | Property | Required | Value | Privacy | What it is |
      | --- | --- | --- | --- | --- |
      | \`word\` | yes | text of 0–64 characters, \`^(?:a\\|b)$\` | technical | a \\| b c \\<script\\> |
      | \`pick\` |  | one of \`"x"\`, \`"y"\` | technical | Deprecated. |
      | \`same\` |  | always \`true\` | technical |  |
      | \`share\` |  | number, > 0, < 1, a multiple of 0.1 | technical |  |
      | \`list\` |  | list of 0–32 × object | technical |  |
      | \`list[].n\` |  | integer, ≥ 0, ≤ 9 | technical |  |
      "
    `);
  });

  it('says so where an event takes no entity', () => {
    expect(pageOf(smallFile({ entity: { types: [] } }))).toContain('- Entity: none\n');
  });
});

describe('catalogueFileSchema', () => {
  const validate = new Ajv2020({ strict: false }).compile(catalogueFileSchema());

  it('is in step with examples/catalogue.schema.json', () => {
    const file = readFileSync(join(root, 'examples', 'catalogue.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(catalogueFileSchema());
  });

  it('is the schema that the example catalogue names, and fits', () => {
    const example = JSON.parse(exampleText);
    expect(example.$schema).toBe('./catalogue.schema.json');
    expect(validate(example)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['an unknown key', { sampling: 1 }],
    ['a property without privacy class', { properties: { properties: { p: { type: 'string' } } } }],
    [
      'a keyword of another type',
      { properties: { properties: { p: { type: 'boolean', maxLength: 1, ...privacy } } } },
    ],
    ['an open object', { properties: { additionalProperties: true } }],
    ['an unknown choice', { gpc: 'ignore' }],
  ])('tells an editor of %s', (_what, eventType) => {
    expect(validate(smallFile())).toBe(true);
    expect(validate(smallFile(eventType))).toBe(false);
  });
});
