import type { JsonObject, Result } from '../contract/index.js';
import type { EventTypePlan } from '../domain/catalogue.js';
import { checkExamples } from './check-examples.js';
import { checkSchema, type IsPiiKey } from './check-schema.js';
import type { EventTypeEntry, RootSchema } from './file-schema.js';
import { type JsonPath, problemAt } from './problems.js';
import type { PropertyChecks, VersionCheck } from './property-checks.js';

/** An event type with every version that it accepts spelt out. */
export interface PrintableEventType extends EventTypePlan {
  /** By version: its JSON Schema (2020-12), as it is enforced. */
  readonly schemas: ReadonlyMap<number, JsonObject>;
}

/** What an event type's entry may refer to, and what it is held against. */
export interface EventTypeContext {
  readonly apps: ReadonlySet<string>;
  readonly entityTypes: ReadonlySet<string>;
  readonly eventTypes: ReadonlySet<string>;
  readonly isPiiKey: IsPiiKey;
  readonly checks: PropertyChecks;
}

/** An event type from its entry in the file, or everything that is wrong with that entry. */
export function createEventType(
  name: string,
  entry: EventTypeEntry,
  path: JsonPath,
  context: EventTypeContext,
): Result<PrintableEventType, readonly string[]> {
  const versions = schemasByVersion(entry, path);
  const problems = [
    ...referenceProblems(name, entry, path, context),
    ...versionProblems(entry, path),
    ...versions.flatMap((version) => schemaProblems(version.schema, version.path, context)),
  ];
  if (problems.length > 0) return { ok: false, error: problems };
  const checks = new Map(
    versions.map((version) => [
      version.number,
      context.checks.compile(version.schema, entry.unknownProperties),
    ]),
  );
  return { ok: true, value: plan(name, entry, checks) };
}

function plan(
  name: string,
  entry: EventTypeEntry,
  checks: ReadonlyMap<number, VersionCheck>,
): PrintableEventType {
  const { description, owner, apps, version, enabled, optIn, gpc, maxBytes, unknownProperties } = entry;
  return Object.freeze({
    name,
    description,
    owner,
    apps,
    version,
    versions: [...checks.keys()].sort((a, b) => a - b),
    deprecated: entry.deprecated
      ? { reason: entry.deprecated.reason, replacement: entry.deprecated.replacement ?? null }
      : null,
    enabled,
    optIn,
    gpc,
    maxBytes,
    unknownProperties,
    entityTypes: entry.entity?.types ?? null,
    entityRequired: entry.entity?.required ?? false,
    schema: checks.get(version)?.schema ?? {},
    schemas: new Map([...checks].map(([number, { schema }]) => [number, schema])),
    checkProperties(asked, properties) {
      const wanted = asked ?? version;
      const check = checks.get(wanted);
      if (!check) return { ok: false, error: { reason: 'UNKNOWN_EVENT_TYPE', path: '', rule: 'unknown' } };
      return check.check(wanted, properties);
    },
  } satisfies PrintableEventType);
}

const noProperties: RootSchema = { type: 'object', properties: {} };

interface Version {
  readonly number: number;
  readonly schema: RootSchema;
  readonly path: JsonPath;
}

function schemasByVersion(entry: EventTypeEntry, path: JsonPath): Version[] {
  const current = {
    number: entry.version,
    schema: entry.properties ?? noProperties,
    path: [...path, 'properties'],
  };
  const previous = Object.entries(entry.previousVersions ?? {}).map(([number, { properties }]) => ({
    number: Number(number),
    schema: properties ?? noProperties,
    path: [...path, 'previousVersions', number, 'properties'],
  }));
  return [current, ...previous];
}

function schemaProblems(schema: RootSchema, path: JsonPath, context: EventTypeContext): string[] {
  const problems = checkSchema(schema, path, context.isPiiKey);
  return problems.length > 0 ? problems : checkExamples(schema, path, context.checks);
}

function versionProblems(entry: EventTypeEntry, path: JsonPath): string[] {
  return Object.keys(entry.previousVersions ?? {})
    .filter((number) => Number(number) >= entry.version)
    .map((number) =>
      problemAt([...path, 'previousVersions', number], `must be less than version (${entry.version})`),
    );
}

function referenceProblems(
  name: string,
  entry: EventTypeEntry,
  path: JsonPath,
  context: EventTypeContext,
): string[] {
  const { replacement } = entry.deprecated ?? {};
  const at = [...path, 'deprecated', 'replacement'];
  const types = entry.entity?.types;
  const problems = [
    ...unknownNames(entry.apps, [...path, 'apps'], context.apps, 'apps'),
    ...unknownNames(types ?? [], [...path, 'entity', 'types'], context.entityTypes, 'entityTypes'),
    ...unknownNames(replacement === undefined ? [] : [replacement], at, context.eventTypes, 'eventTypes'),
  ];
  if (replacement === name) problems.push(problemAt(at, 'is the event type itself'));
  if (entry.entity?.required === true && types?.length === 0) {
    problems.push(problemAt([...path, 'entity', 'required'], 'cannot be met: types is empty'));
  }
  return problems;
}

function unknownNames(
  names: readonly string[],
  path: JsonPath,
  known: ReadonlySet<string>,
  section: string,
): string[] {
  return names.flatMap((name, index) => {
    if (names.indexOf(name) < index) return [problemAt(path, `names ${JSON.stringify(name)} twice`)];
    if (known.has(name)) return [];
    return [problemAt(path, `names ${JSON.stringify(name)}, which is not in ${section}${listed(known)}`)];
  });
}

function listed(known: ReadonlySet<string>): string {
  const shown = [...known].slice(0, 12);
  if (shown.length === 0) return ' (there are none)';
  return ` (${shown.join(', ')}${known.size > shown.length ? ', …' : ''})`;
}
