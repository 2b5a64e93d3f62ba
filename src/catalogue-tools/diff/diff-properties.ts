import type { JsonPath } from '../../catalogue/problems.js';
import { requiredNames, schemaObject } from '../../catalogue/value-text.js';
import type { JsonObject } from '../../contract/index.js';
import { privacyClasses } from '../../domain/catalogue.js';
import { type ChangeSubject, type ReportChange, reportTexts } from './change.js';
import { diffBounds, diffLeaf, type Leaf } from './diff-leaf.js';

/** The same place in two catalogues. */
export interface Sides {
  readonly old: JsonObject;
  readonly next: JsonObject;
  readonly path: JsonPath;
  /** As `ChangeSubject.property`; empty at the top. */
  readonly property: string;
}

/** What has changed between two objects of properties: which there are, which are required, what each takes. */
export function diffProperties(
  { old, next, path, property }: Sides,
  unknownProperties: 'cut' | 'reject',
  report: ReportChange,
  subject: ChangeSubject,
): void {
  const before = Object.entries(schemaObject(old.properties));
  const after = schemaObject(next.properties);
  const wasRequired = requiredNames(old);
  const isRequired = requiredNames(next);
  if (property === '') diffTexts({ old, next, path, property }, report, subject);
  for (const [name, value] of before) {
    const at = [...path, 'properties', name];
    const about = { ...subject, property: `${property}${name}` };
    const now = after[name];
    if (now === undefined) {
      const fate = unknownProperties === 'reject' ? 'events that have it are refused' : 'it is cut off';
      report('incompatible', 'property_removed', at, `the property was removed: ${fate}`, about);
      continue;
    }
    diffRequired(wasRequired.has(name), isRequired.has(name), at, report, about);
    diffProperty(
      { old: schemaObject(value), next: schemaObject(now), path: at, property: about.property },
      unknownProperties,
      report,
      about,
    );
  }
  const known = new Set(before.map(([name]) => name));
  for (const [name, value] of Object.entries(after)) {
    if (known.has(name)) continue;
    const at = [...path, 'properties', name];
    const about = { ...subject, property: `${property}${name}` };
    const privacy = schemaObject(value)['x-privacy'];
    if (isRequired.has(name)) {
      const message = `a required property was added (${privacy}): events without it are refused`;
      report('incompatible', 'property_added', at, message, about);
    } else report('compatible', 'property_added', at, `the property was added (${privacy})`, about);
  }
}

function diffRequired(
  was: boolean,
  is: boolean,
  path: JsonPath,
  report: ReportChange,
  about: ChangeSubject,
): void {
  if (was === is) return;
  if (is)
    report('incompatible', 'property_required', path, 'is required: events without it are refused', about);
  else report('compatible', 'property_optional', path, 'is no longer required', about);
}

function diffProperty(
  sides: Sides,
  unknownProperties: 'cut' | 'reject',
  report: ReportChange,
  about: ChangeSubject,
): void {
  const { old, next, path } = sides;
  diffTexts(sides, report, about);
  if (old.deprecated === true && next.deprecated !== true)
    report('note', 'property_undeprecated', path, 'is no longer deprecated', about);
  if (old.deprecated !== true && next.deprecated === true)
    report('note', 'property_deprecated', path, 'was deprecated: still taken', about);
  diffPrivacy(sides, report, about);
  diffValue(sides, unknownProperties, report, about);
}

/** The values of a property, or of the entries of a list. */
function diffValue(
  sides: Sides,
  unknownProperties: 'cut' | 'reject',
  report: ReportChange,
  about: ChangeSubject,
): void {
  const { old, next, path, property } = sides;
  const isWidened = old.type === 'integer' && next.type === 'number';
  if (old.type !== next.type) {
    const types = `the type was ${old.type}, is ${next.type}`;
    const at = [...path, 'type'];
    if (!isWidened) {
      report('incompatible', 'property_type', at, `${types}: values of the old one are refused`, about);
      return;
    }
    report('compatible', 'property_type', at, types, about);
  }
  const leaf: Leaf = { old, next, path, report: (...change) => report(...change, about) };
  if (old.type === 'object') {
    diffProperties({ ...sides, property: `${property}.` }, unknownProperties, report, about);
  } else if (old.type === 'array') {
    diffBounds(leaf);
    const [before, after] = [schemaObject(old.items), schemaObject(next.items)];
    const items = { old: before, next: after, path: [...path, 'items'], property: `${property}[]` };
    const aboutItems = { ...about, property: items.property };
    diffTexts(items, report, aboutItems);
    diffValue(items, unknownProperties, report, aboutItems);
  } else diffLeaf(leaf);
}

function diffTexts({ old, next, path }: Sides, report: ReportChange, about: ChangeSubject): void {
  const texts = {
    old,
    next,
    path,
    report: (...change: Parameters<Leaf['report']>) => report(...change, about),
  };
  reportTexts(texts, ['title', 'description']);
}

function diffPrivacy({ old, next, path }: Sides, report: ReportChange, about: ChangeSubject): void {
  const [was, is] = [old['x-privacy'], next['x-privacy']];
  if (was === is) return;
  const ranks: readonly unknown[] = privacyClasses;
  const meaning =
    ranks.indexOf(is) > ranks.indexOf(was)
      ? 'closer to a person than was thought'
      : 'guarded less than before';
  const message = `x-privacy was ${was}, is ${is}: ${meaning}`;
  report('privacy', 'privacy_class', [...path, 'x-privacy'], message, about);
}
