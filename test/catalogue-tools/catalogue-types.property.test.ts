import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { catalogueTypes, diffCatalogues } from '../../src/catalogue-tools/index.js';
import type { JsonObject } from '../../src/contract/index.js';
import type { EventTypePlan } from '../../src/domain/catalogue.js';
import { arbitraryCatalogue } from '../catalogue/arbitrary-catalogue.js';
import { instance } from '../catalogue/samples.js';
import { typescriptProject } from './typescript-project.js';

const options = { source: 'c.json', module: 'signals-client' };

function read(file: JsonObject) {
  const parsed = parseCatalogue(JSON.stringify(file));
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return parsed.value;
}

/** A call with every property that is declared, and the entity where one is required. */
function call(event: EventTypePlan): string {
  const properties = instance(event.schema);
  const details = {
    ...(Object.keys(properties ?? {}).length > 0 && { properties }),
    ...(event.entityRequired && { entity: { type: 'item', id: 'x' } }),
    eventVersion: event.version,
  };
  return `track(${JSON.stringify(event.name)}, ${JSON.stringify(details)});`;
}

describe('types of any catalogue', () => {
  it('compile, take the events that the catalogue takes, and strike through what it deprecates', () => {
    const project = typescriptProject({ 'events.ts': '', 'use.ts': '' });
    fc.assert(
      fc.property(arbitraryCatalogue, (file) => {
        const catalogue = read(file);
        const types = catalogueTypes(catalogue, options);
        expect(catalogueTypes(read(file), options)).toBe(types);
        const events = [...catalogue.eventTypes.values()];
        project.write('events.ts', types);
        project.write(
          'use.ts',
          `import './events.js';
import { createTracker } from 'signals-client';
const { track } = createTracker();
${events.map(call).join('\n')}
`,
        );
        expect(project.errors('events.ts')).toEqual([]);
        expect(project.errors('use.ts')).toEqual([]);
        const deprecated = events.filter((event) => event.deprecated !== null);
        // Deprecated properties are struck through, too.
        const calls = project.deprecated('use.ts').filter((found) => found.startsWith('track '));
        expect(calls).toEqual(deprecated.map(() => 'track 6387'));
        expect(types).toMatch(/[^\n]\n$/);
      }),
      { numRuns: 60 },
    );
  });

  it('have no line of their own in them that the catalogue wrote', () => {
    fc.assert(
      fc.property(arbitraryCatalogue, (file) => {
        const types = catalogueTypes(read(file), options);
        expect(types).not.toMatch(/[\r\u2028\u2029\u202e\p{Surrogate}]/u);
      }),
      { numRuns: 100 },
    );
  });
});

describe('any catalogue', () => {
  it('is no change to itself', () => {
    fc.assert(
      fc.property(arbitraryCatalogue, (file) => {
        expect(diffCatalogues(read(file), read(file))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
