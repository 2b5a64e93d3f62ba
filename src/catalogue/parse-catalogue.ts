import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { isObject, type Result } from '../contract/index.js';
import type { Catalogue } from '../domain/catalogue.js';
import type { IsPiiKey } from './check-schema.js';
import { createEntityType, type PrintableEntityType } from './entity-type.js';
import { createEventType, type PrintableEventType } from './event-type.js';
import { appSchema, entityTypeSchema, eventTypeSchema, fileSchema } from './file-schema.js';
import { parseJsonText } from './json-text.js';
import { problemAt, zodProblems } from './problems.js';
import { createPropertyChecks } from './property-checks.js';

/** A catalogue with what docs and comparisons want to know of its entity types and event types. */
export interface PrintableCatalogue extends Catalogue {
  readonly entityTypes: ReadonlyMap<string, PrintableEntityType>;
  readonly eventTypes: ReadonlyMap<string, PrintableEventType>;
}

export interface ParseOptions {
  /** Refuses property names that the pipeline would refuse as PII_KEY. Without it, no name is refused. */
  readonly isPiiKey?: IsPiiKey;
}

/** The catalogue, or all problems at once, each with its path in the file, in the order of the file's sections. */
export type ParsedCatalogue = Result<PrintableCatalogue, readonly string[]>;

/** Reads the text of a catalogue file. Never throws, whatever the text. */
export function parseCatalogue(text: string, options: ParseOptions = {}): ParsedCatalogue {
  const json = parseJsonText(text);
  if (!json.ok) return { ok: false, error: [json.error] };
  const file = fileSchema.safeParse(json.value);
  const shapeProblems = file.success ? [] : zodProblems(file.error.issues);
  // Entries that are well formed by themselves go on even where others are not, so that one reading tells all.
  const read = readEntries(json.value, options.isPiiKey ?? (() => false));
  const problems = [...shapeProblems, ...read.problems];
  if (problems.length > 0) return { ok: false, error: problems };
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { ok: true, value: Object.freeze({ fingerprint, ...read.sections }) };
}

function readEntries(file: unknown, isPiiKey: IsPiiKey) {
  const problems: string[] = [];
  const sections = {
    apps: new Map<string, { name: string; description: string; owner: string }>(),
    entityTypes: new Map<string, PrintableEntityType>(),
    eventTypes: new Map<string, PrintableEventType>(),
  };
  const context = {
    apps: new Set(names(file, 'apps')),
    entityTypes: new Set(names(file, 'entityTypes')),
    eventTypes: new Set(names(file, 'eventTypes')),
    isPiiKey,
    checks: createPropertyChecks(),
  };
  for (const [name, entry] of wellFormed(file, 'apps', appSchema)) {
    sections.apps.set(name, Object.freeze({ name, ...entry }));
  }
  for (const [name, entry] of wellFormed(file, 'entityTypes', entityTypeSchema)) {
    const made = createEntityType(name, entry, ['entityTypes', name]);
    if (made.ok) sections.entityTypes.set(name, made.value);
    else problems.push(...made.error);
  }
  for (const [name, entry] of wellFormed(file, 'eventTypes', eventTypeSchema)) {
    const made = createEventType(name, entry, ['eventTypes', name], context);
    if (made.ok) sections.eventTypes.set(name, made.value);
    else problems.push(...made.error);
  }
  for (const section of ['apps', 'eventTypes'] as const) {
    if (isSection(file, section) && context[section].size === 0) {
      problems.push(problemAt([section], 'is empty: no event could be taken'));
    }
  }
  return { problems, sections };
}

type SectionName = 'apps' | 'entityTypes' | 'eventTypes';

function isSection(file: unknown, section: SectionName): boolean {
  return isObject(file) && isObject(file[section]);
}

function names(file: unknown, section: SectionName): string[] {
  const entries = isObject(file) ? file[section] : undefined;
  return isObject(entries) ? Object.keys(entries) : [];
}

function wellFormed<Schema extends z.ZodType>(
  file: unknown,
  section: SectionName,
  schema: Schema,
): [string, z.output<Schema>][] {
  const entries = isObject(file) ? file[section] : undefined;
  if (!isObject(entries)) return [];
  return Object.entries(entries).flatMap(([name, entry]): [string, z.output<Schema>][] => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [[name, parsed.data]] : [];
  });
}
