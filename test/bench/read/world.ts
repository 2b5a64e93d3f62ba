import type { Catalogue, EventTypePlan } from '../../../src/domain/catalogue.js';
import type { EventDimensions } from '../../../src/domain/event.js';
import { zipf } from './share.js';

/** Apps and their shares of the visitors. */
export const apps = ['web', 'mobile', 'watch', 'studio', 'admin'] as const;
export const appWeights: readonly number[] = [50, 20, 15, 10, 5];

export const typeCount = 60;
export const typeWeights = zipf(typeCount);

/** Every type of event happens on a few of its app's 60 routes. */
const routeCount = 60;
export const routesOfType = 8;
export const routeWeights = zipf(routesOfType);

const systems = { desktop: 'Windows', mobile: 'Android', tablet: 'iOS', other: 'Linux' } as const;

/** What a visitor uses, the same all day: 12 kinds of browser times 3 versions of the app. */
const clients = (['desktop', 'mobile', 'tablet', 'other'] as const).flatMap((deviceType) =>
  (['Chrome', 'Safari', 'Firefox'] as const).map((browserFamily) => ({
    deviceType,
    browserFamily,
    osFamily: systems[deviceType],
  })),
);
const versions = ['3.1.0', '3.0.2', '2.9.9'] as const;
export const clientCount = 12 * versions.length;
export const clientWeights: readonly number[] = clients.flatMap((_client, index) =>
  versions.map((_version, version) => 1 / ((index + 1) * (version + 1))),
);

export const entityCount = 20_000;

/** The property whose numbers are asked for. */
export const numberProperty = 'durationMs';

export const typeName = (type: number): string => `area${type % 6}_happened_${type}`;
export const routeName = (type: number, slot: number): string =>
  `/section/${(type * 7 + slot * 11) % routeCount}/[id]`;
export const entityId = (rank: number): string => `5eed0000-0000-4000-8000-${String(rank).padStart(12, '0')}`;

/** Every second type is about a thing. */
export const hasEntity = (type: number): boolean => type % 2 === 0;
export const entityType = 'journey';

/** Combinations of words in the order of their numbers: app, type, one of its routes, and what the visitor uses. */
export function combinations(): readonly EventDimensions[] {
  return apps.flatMap((appName) =>
    numbers(typeCount).flatMap((type) =>
      numbers(routesOfType).flatMap((slot) =>
        clients.flatMap((client) =>
          versions.map((appVersion) => ({
            ...client,
            appName,
            eventType: typeName(type),
            eventVersion: 1,
            appVersion,
            source: appName === 'mobile' ? 'mobile' : 'web',
            route: routeName(type, slot),
            entityType: hasEntity(type) ? entityType : null,
          })),
        ),
      ),
    ),
  );
}

/** The catalogue of these types: what questions may name. */
export function readCatalogue(): Catalogue {
  return {
    fingerprint: '0'.repeat(16),
    apps: new Map(),
    entityTypes: new Map(),
    eventTypes: new Map(numbers(typeCount).map((type) => [typeName(type), eventType(typeName(type))])),
  };
}

function eventType(name: string): EventTypePlan {
  return {
    name,
    description: '',
    owner: '',
    apps: [],
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
    schema: {
      type: 'object',
      properties: {
        [numberProperty]: { type: 'number' },
        size: { type: 'integer' },
        state: { type: 'string' },
      },
    },
    checkProperties: () => ({ ok: false, error: { reason: 'INVALID_PROPERTIES', path: '', rule: 'type' } }),
  };
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
