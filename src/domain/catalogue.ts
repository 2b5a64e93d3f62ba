import type { JsonObject, JsonValue, Result, TrackRule } from '../contract/index.js';

/** What the plan says of a property: how close it is to a person. Printed in the docs and in `eventCatalog`. */
export const privacyClasses = ['technical', 'behavioural', 'identifier', 'sensitive'] as const;
export type PrivacyClass = (typeof privacyClasses)[number];

export interface AppPlan {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
}

export interface EntityTypePlan {
  readonly name: string;
  readonly description: string;
  /** Days for which the daily totals of each such thing are kept, counted from their day; null: as long as its events. */
  readonly keepTotalsDays: number | null;
  /** The id in its one stored spelling (a UUID in lower case), or null when it has the wrong format. */
  normaliseId(id: string): string | null;
}

export interface CheckedProperties {
  /** The version that the properties were checked against. */
  readonly version: number;
  /** Declared properties only; null where none are left. */
  readonly properties: JsonObject | null;
  /** How many undeclared properties were cut off, nested ones included. */
  readonly cut: number;
  /**
   * JSON pointer, relative to the properties, of the first that was cut off, in the order in which they were sent; of
   * the object that held it where its name is not harmless; null where nothing was cut off.
   */
  readonly firstCut: string | null;
}

export interface PropertiesRefusal {
  /** UNKNOWN_EVENT_TYPE: the event type has no such version. */
  readonly reason: 'UNKNOWN_EVENT_TYPE' | 'INVALID_PROPERTIES';
  /** JSON pointer, relative to the properties: declared names and indexes, the last name at least harmless. */
  readonly path: string;
  readonly rule: TrackRule;
}

export type PropertiesVerdict = Result<CheckedProperties, PropertiesRefusal>;

export interface EventTypePlan {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly apps: readonly string[];
  /** The version meant by an event that names none. */
  readonly version: number;
  readonly versions: readonly number[];
  readonly deprecated: { readonly reason: string; readonly replacement: string | null } | null;
  /** Switched off: such events are dropped as DISABLED. */
  readonly enabled: boolean;
  /** Sensitive capture: clients ask the user before they send it. The server does not act on it. */
  readonly optIn: boolean;
  /** What to do with an event from a browser that said Sec-GPC or DNT. */
  readonly gpc: 'anonymise' | 'drop';
  /** Most bytes of serialised properties. */
  readonly maxBytes: number;
  readonly unknownProperties: 'cut' | 'reject';
  /** Entity types that it may carry; null: any that the catalogue knows. */
  readonly entityTypes: readonly string[] | null;
  readonly entityRequired: boolean;
  /** JSON Schema (2020-12) of the current version's properties. */
  readonly schema: JsonObject;
  /** Cuts off what is not declared and checks the rest. Never throws, whatever the value. */
  checkProperties(version: number | null, properties: JsonValue | undefined): PropertiesVerdict;
}

/** The plan that events are held against: one immutable snapshot; a batch is judged by one of them. */
export interface Catalogue {
  /** First 16 hex digits of the SHA-256 of the file: tells two plans apart in logs and in `eventCatalog`. */
  readonly fingerprint: string;
  readonly apps: ReadonlyMap<string, AppPlan>;
  readonly entityTypes: ReadonlyMap<string, EntityTypePlan>;
  readonly eventTypes: ReadonlyMap<string, EventTypePlan>;
}

/** Where the current plan comes from; it may change between two calls. */
export interface CatalogueSource {
  current(): Catalogue;
}
