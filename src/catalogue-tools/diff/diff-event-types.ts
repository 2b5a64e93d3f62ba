import type { PrintableEventType } from '../../catalogue/event-type.js';
import type { PrintableCatalogue } from '../../catalogue/parse-catalogue.js';
import type { JsonPath } from '../../catalogue/problems.js';
import { type CatalogueChange, type ReportChange, reportInto, reportTexts } from './change.js';
import { diffProperties } from './diff-properties.js';

interface Pair {
  readonly old: PrintableEventType;
  readonly next: PrintableEventType;
  readonly path: JsonPath;
  readonly report: ReportChange;
}

/** What has changed about the events: who may send them, what they may carry, what becomes of them. */
export function diffEventTypes(old: PrintableCatalogue, next: PrintableCatalogue): CatalogueChange[] {
  const changes: CatalogueChange[] = [];
  for (const event of old.eventTypes.values()) {
    const report = reportInto(changes, { eventType: event.name });
    const path = ['eventTypes', event.name];
    const now = next.eventTypes.get(event.name);
    if (now === undefined) {
      const message = 'the event type was removed: such events are refused';
      report('incompatible', 'event_type_removed', path, message);
      continue;
    }
    const pair = { old: event, next: now, path, report };
    diffApps(pair, old, next);
    diffFate(pair);
    diffEntity(pair, old, next);
    diffVersions(pair);
  }
  for (const { name } of next.eventTypes.values()) {
    if (old.eventTypes.has(name)) continue;
    const report = reportInto(changes, { eventType: name });
    report('compatible', 'event_type_added', ['eventTypes', name], 'the event type was added');
  }
  return changes;
}

function diffApps({ old, next, path, report }: Pair, before: PrintableCatalogue, after: PrintableCatalogue) {
  const at = [...path, 'apps'];
  for (const app of old.apps) {
    // An app that is gone altogether has been told of.
    if (next.apps.includes(app) || !after.apps.has(app)) continue;
    const message = `the app ${app} may no longer send it: such events are refused`;
    report('incompatible', 'event_type_app_removed', at, message, { app });
  }
  for (const app of next.apps) {
    if (old.apps.includes(app) || !before.apps.has(app)) continue;
    report('compatible', 'event_type_app_added', at, `the app ${app} may send it, too`, { app });
  }
}

function diffFate(pair: Pair) {
  const { old, next, path, report } = pair;
  reportTexts(pair, ['description', 'owner']);
  if (old.enabled && !next.enabled) {
    const message = 'was switched off: such events are dropped as DISABLED';
    report('incompatible', 'event_type_disabled', [...path, 'enabled'], message);
  }
  if (!old.enabled && next.enabled) {
    report('compatible', 'event_type_enabled', [...path, 'enabled'], 'was switched on');
  }
  diffDeprecation({ old, next, path, report });
  if (old.optIn !== next.optIn) {
    const message = next.optIn
      ? 'users are to be asked first: clients that were built before do not ask'
      : 'users are no longer asked first';
    report('privacy', 'opt_in', [...path, 'optIn'], message);
  }
  if (old.gpc !== next.gpc) {
    const [level, message] =
      next.gpc === 'drop'
        ? ([
            'note',
            'events of visitors who opted out (Sec-GPC, DNT) are dropped, no longer counted',
          ] as const)
        : ([
            'privacy',
            'events of visitors who opted out (Sec-GPC, DNT) are counted, no longer dropped',
          ] as const);
    report(level, 'gpc', [...path, 'gpc'], message);
  }
  if (old.unknownProperties !== next.unknownProperties) {
    const [level, message] =
      next.unknownProperties === 'reject'
        ? (['incompatible', 'an event with an undeclared property is refused, was taken without it'] as const)
        : (['compatible', 'an undeclared property is cut off, the event no longer refused'] as const);
    report(level, 'unknown_properties', [...path, 'unknownProperties'], message);
  }
  if (old.maxBytes === next.maxBytes) return;
  const sizes = `maxBytes was ${old.maxBytes}, is ${next.maxBytes}`;
  if (next.maxBytes > old.maxBytes) report('compatible', 'max_bytes_raised', [...path, 'maxBytes'], sizes);
  else
    report('incompatible', 'max_bytes_lowered', [...path, 'maxBytes'], `${sizes}: larger events are refused`);
}

function diffDeprecation({ old, next, path, report }: Pair) {
  const at = [...path, 'deprecated'];
  if (old.deprecated === null && next.deprecated !== null) {
    const { replacement } = next.deprecated;
    const instead = replacement === null ? '' : `; ${replacement} takes its place`;
    report('note', 'event_type_deprecated', at, `was deprecated${instead}: still taken`);
  } else if (old.deprecated !== null && next.deprecated === null) {
    report('note', 'event_type_undeprecated', at, 'is no longer deprecated');
  } else {
    const [was, is] = [old.deprecated ?? {}, next.deprecated ?? {}];
    reportTexts({ old: was, next: is, path: at, report }, ['reason', 'replacement']);
  }
}

function diffEntity(
  { old, next, path, report }: Pair,
  before: PrintableCatalogue,
  after: PrintableCatalogue,
) {
  const at = [...path, 'entity'];
  const was = old.entityTypes ?? [...before.entityTypes.keys()];
  const is = next.entityTypes ?? [...after.entityTypes.keys()];
  for (const entityType of was) {
    // One that is gone from the catalogue altogether has been told of.
    if (is.includes(entityType) || !after.entityTypes.has(entityType)) continue;
    const message = `may no longer carry the entity type ${entityType}: such events are refused`;
    report('incompatible', 'event_type_entity_type_removed', [...at, 'types'], message, { entityType });
  }
  for (const entityType of is) {
    if (was.includes(entityType) || !before.entityTypes.has(entityType)) continue;
    const message = `may carry the entity type ${entityType}, too`;
    report('compatible', 'event_type_entity_type_added', [...at, 'types'], message, { entityType });
  }
  if (old.entityRequired === next.entityRequired) return;
  if (next.entityRequired) {
    const message = 'an entity is required: events without one are refused';
    report('incompatible', 'entity_required', [...at, 'required'], message);
  } else report('compatible', 'entity_optional', [...at, 'required'], 'an entity is no longer required');
}

function diffVersions({ old, next, path, report }: Pair) {
  for (const [eventVersion, schema] of old.schemas) {
    const now = next.schemas.get(eventVersion);
    if (now === undefined) {
      const message = `version ${eventVersion} is no longer taken: events that name it are refused`;
      report('incompatible', 'event_type_version_removed', path, message, { eventVersion });
      continue;
    }
    const at = propertiesPath(next, path, eventVersion);
    diffProperties({ old: schema, next: now, path: at, property: '' }, next.unknownProperties, report, {
      eventVersion,
    });
  }
  for (const eventVersion of next.versions) {
    if (old.schemas.has(eventVersion)) continue;
    const message = `version ${eventVersion} was added`;
    report('compatible', 'event_type_version_added', path, message, { eventVersion });
  }
  if (old.version === next.version) return;
  const message = `the version was ${old.version}, is ${next.version}: events that name none are held against it`;
  report('note', 'event_type_current_version', [...path, 'version'], message);
  // The events that name none: for them the new version takes the place of the old one.
  const sides = {
    old: old.schema,
    next: next.schema,
    path: propertiesPath(next, path, next.version),
    property: '',
  };
  diffProperties(sides, next.unknownProperties, report, {});
}

/** Where the properties of a version stand in the file. */
function propertiesPath(event: PrintableEventType, path: JsonPath, version: number): JsonPath {
  return event.version === version
    ? [...path, 'properties']
    : [...path, 'previousVersions', String(version), 'properties'];
}
