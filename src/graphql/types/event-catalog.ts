import type { Catalogue, EventTypePlan } from '../../domain/catalogue.js';
import type { Builder } from '../builder.js';

/** The plan as data: for tools, dashboards and people who wonder what may be sent. */
export function registerEventCatalog(builder: Builder): void {
  const catalog = eventCatalog(builder);
  builder.queryField('eventCatalog', (t) =>
    t.field({
      type: catalog,
      description: 'What may be sent. For any signed-in caller.',
      authScopes: { signedIn: true },
      resolve: (_root, _args, context) => context.services.catalogue.current(),
    }),
  );
}

function eventCatalog(builder: Builder) {
  const app = catalogApp(builder);
  const entityType = catalogEntityType(builder);
  const eventType = catalogEventType(builder);
  return builder.objectRef<Catalogue>('EventCatalog').implement({
    fields: (t) => ({
      fingerprint: t.exposeString('fingerprint', {
        description: 'Changes with every change of the catalogue.',
      }),
      apps: t.field({ type: [app], resolve: (catalogue) => [...catalogue.apps.values()] }),
      entityTypes: t.field({
        type: [entityType],
        resolve: (catalogue) => [...catalogue.entityTypes.values()],
      }),
      eventTypes: t.field({
        type: [eventType],
        args: { appName: t.arg.string() },
        resolve: (catalogue, { appName }) =>
          [...catalogue.eventTypes.values()].filter((plan) => !appName || plan.apps.includes(appName)),
      }),
    }),
  });
}

function catalogApp(builder: Builder) {
  return builder
    .objectRef<{ name: string; description: string; owner: string }>('EventCatalogApp')
    .implement({
      fields: (t) => ({
        name: t.exposeString('name'),
        description: t.exposeString('description'),
        owner: t.exposeString('owner'),
      }),
    });
}

function catalogEntityType(builder: Builder) {
  return builder.objectRef<{ name: string; description: string }>('EventCatalogEntityType').implement({
    fields: (t) => ({ name: t.exposeString('name'), description: t.exposeString('description') }),
  });
}

function catalogEventType(builder: Builder) {
  return builder.objectRef<EventTypePlan>('EventCatalogEventType').implement({
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
}
