import { type JsonPath, printPath } from '../../catalogue/problems.js';

/**
 * What a change means for a client that was built against the old catalogue and sends to a server with the new
 * one.
 *
 * - `incompatible`: something that it rightly sends is refused, dropped or cut off;
 * - `privacy`: it is all taken, but people have to look first: what is recorded is closer to a person, or
 *   guarded less, than was agreed;
 * - `compatible`: everything is taken as before, and more could be;
 * - `note`: nothing about what is taken.
 */
export const changeLevels = ['incompatible', 'privacy', 'compatible', 'note'] as const;
export type ChangeLevel = (typeof changeLevels)[number];

/** What has changed: for programs, which shall not have to read messages. */
export type ChangeKind =
  | `${'app' | 'event_type' | 'entity_type'}_${'added' | 'removed'}`
  | `event_type_${'app' | 'entity_type' | 'version'}_${'added' | 'removed'}`
  | `event_type_${'enabled' | 'disabled' | 'deprecated' | 'undeprecated'}`
  | 'event_type_current_version'
  | 'entity_required'
  | 'entity_optional'
  | 'max_bytes_lowered'
  | 'max_bytes_raised'
  | 'unknown_properties'
  | 'gpc'
  | 'opt_in'
  | 'text'
  | 'id_format'
  | `id_length_${'lowered' | 'raised'}`
  | 'totals_kept'
  | `property_${'added' | 'removed' | 'required' | 'optional' | 'deprecated' | 'undeprecated'}`
  | 'property_type'
  | 'privacy_class'
  | `value_${'added' | 'removed'}`
  | `range_${'narrowed' | 'widened'}`
  | 'pattern';

/** What the change is about; what does not apply is left out. */
export interface ChangeSubject {
  readonly app?: string;
  readonly entityType?: string;
  readonly eventType?: string;
  readonly eventVersion?: number;
  /** As in the docs: `list[].n` is `n` of each entry of `list`. */
  readonly property?: string;
}

export interface CatalogueChange extends ChangeSubject {
  readonly level: ChangeLevel;
  readonly kind: ChangeKind;
  /** Where it stands in the new file; in the old one where it is gone from the new. */
  readonly path: string;
  /** What was, what is, and what becomes of events; without the path. */
  readonly message: string;
}

/** Notes one change. */
export type ReportChange = (
  level: ChangeLevel,
  kind: ChangeKind,
  path: JsonPath,
  message: string,
  subject?: ChangeSubject,
) => void;

/** A list to fill: `about` is the subject that all changes share. */
export function reportInto(changes: CatalogueChange[], about: ChangeSubject): ReportChange {
  return (level, kind, path, message, subject = {}) => {
    changes.push({ level, kind, path: printPath(path), ...about, ...subject, message });
  };
}

/** The same thing in two catalogues, as far as its texts go. */
interface Texts<Key extends string> {
  readonly old: { readonly [Name in Key]?: unknown };
  readonly next: { readonly [Name in Key]?: unknown };
  readonly path: JsonPath;
  readonly report: (level: ChangeLevel, kind: ChangeKind, path: JsonPath, message: string) => void;
}

/** Notes which texts for people have changed. */
export function reportTexts<Key extends string>(texts: Texts<Key>, keys: readonly Key[]): void {
  const { old, next, path, report } = texts;
  for (const key of keys) {
    if (old[key] !== next[key]) report('note', 'text', [...path, key], `the ${key} was changed`);
  }
}
