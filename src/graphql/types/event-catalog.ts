import type { Catalogue, EventTypePlan } from '../../domain/catalogue.js';
import type { Builder } from '../builder.js';

/** The plan as data: for tools, dashboards and people who wonder what may be sent. */
export function registerEventCatalog(builder: Builder): void {
  const CatalogApp = builder
    .objectRef<{ name: string; description: string; owner: string }>('EventCatalogApp')
    .implement({
      fields: (t) => ({
        name: t.exposeString('name'),
        description: t.exposeString('description'),
        owner: t.exposeString('owner'),
      }),
    });
  const CatalogEntityType = builder
    .objectRef<{ name: string; description: string }>('EventCatalogEntityType')
    .implement({
      fields: (t) => ({ name: t.exposeString('name'), description: t.exposeString('description') }),
    });
  const CatalogEventType = builder.objectRef<EventTypePlan>('EventCatalogEventType').implement({
    fields: (t) => ({
      name: t.exposeString('name'),
      description: t.exposeString('description'),
      owner: t.exposeString('owner'),
      apps: t.stringList({ resolve: (plan) => [...plan.apps] }),
      version: t.exposeInt('version'),
      versions: t.intList({ resolve: (plan) => [...plan.versions] }),
      deprecated: t.string({
        nullable: true,
        description: 'Why it should no longer be sent; null while it should.',
        resolve: (plan) => plan.deprecated?.reason ?? null,
      }),
      replacement: t.string({ nullable: true, resolve: (plan) => plan.deprecated?.replacement ?? null }),
      enabled: t.exposeBoolean('enabled'),
      optIn: t.exposeBoolean('optIn', { description: 'Clients ask the user before they send it.' }),
      gpc: t.string({
        description: 'anonymise or drop: what Sec-GPC and DNT do.',
        resolve: (plan) => plan.gpc,
      }),
      maxBytes: t.exposeInt('maxBytes'),
      unknownProperties: t.string({
        description: 'cut or reject.',
        resolve: (plan) => plan.unknownProperties,
      }),
      entityTypes: t.stringList({
        nullable: true,
        description: 'Entity types that it may carry; null: any of the catalogue.',
        resolve: (plan) => (plan.entityTypes ? [...plan.entityTypes] : null),
      }),
      entityRequired: t.exposeBoolean('entityRequired'),
      properties: t.field({
        type: 'JSON',
        description: 'JSON Schema (2020-12) of the properties; x-privacy is the privacy class.',
        resolve: (plan) => plan.schema,
      }),
    }),
  });
  const EventCatalog = builder.objectRef<Catalogue>('EventCatalog').implement({
    fields: (t) => ({
      fingerprint: t.exposeString('fingerprint', {
        description: 'Changes with every change of the catalogue.',
      }),
      apps: t.field({ type: [CatalogApp], resolve: (catalogue) => [...catalogue.apps.values()] }),
      entityTypes: t.field({
        type: [CatalogEntityType],
        resolve: (catalogue) => [...catalogue.entityTypes.values()],
      }),
      eventTypes: t.field({
        type: [CatalogEventType],
        args: { appName: t.arg.string() },
        resolve: (catalogue, { appName }) =>
          [...catalogue.eventTypes.values()].filter((plan) => !appName || plan.apps.includes(appName)),
      }),
    }),
  });

  builder.queryField('eventCatalog', (t) =>
    t.field({
      type: EventCatalog,
      description: 'What may be sent. For any signed-in caller.',
      authScopes: { signedIn: true },
      resolve: (_root, _args, context) => context.services.catalogue.current(),
    }),
  );
}
