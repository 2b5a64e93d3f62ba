import type { PrintableEntityType } from '../../catalogue/entity-type.js';
import type { PrintableCatalogue } from '../../catalogue/parse-catalogue.js';
import type { JsonPath } from '../../catalogue/problems.js';
import { type CatalogueChange, type ReportChange, reportInto, reportTexts } from './change.js';

/** What has changed about the things that events are about. */
export function diffEntityTypes(old: PrintableCatalogue, next: PrintableCatalogue): CatalogueChange[] {
  const changes: CatalogueChange[] = [];
  for (const type of old.entityTypes.values()) {
    const report = reportInto(changes, { entityType: type.name });
    const path = ['entityTypes', type.name];
    const now = next.entityTypes.get(type.name);
    if (now === undefined) {
      const message = 'the entity type was removed: events that carry it are refused';
      report('incompatible', 'entity_type_removed', path, message);
      continue;
    }
    reportTexts({ old: type, next: now, path, report }, ['description']);
    diffIds(type, now, path, report);
    diffKeeping(type, now, path, report);
  }
  for (const { name } of next.entityTypes.values()) {
    if (old.entityTypes.has(name)) continue;
    const report = reportInto(changes, { entityType: name });
    report('compatible', 'entity_type_added', ['entityTypes', name], 'the entity type was added');
  }
  return changes;
}

function diffIds(old: PrintableEntityType, next: PrintableEntityType, path: JsonPath, report: ReportChange) {
  if (old.pattern !== next.pattern) {
    const key = next.pattern === null ? 'format' : 'pattern';
    const message = `ids were ${idForm(old)}, are ${idForm(next)}: others are refused`;
    report('incompatible', 'id_format', [...path, key], message);
  }
  if (next.maxLength < old.maxLength) {
    const message = `maxLength was ${old.maxLength}, is ${next.maxLength}: longer ids are refused`;
    report('incompatible', 'id_length_lowered', [...path, 'maxLength'], message);
  } else if (next.maxLength > old.maxLength) {
    const message = `maxLength was ${old.maxLength}, is ${next.maxLength}`;
    report('compatible', 'id_length_raised', [...path, 'maxLength'], message);
  }
}

/** No event is refused for it. What is kept for longer than was agreed, people have to look at first. */
function diffKeeping(
  old: PrintableEntityType,
  next: PrintableEntityType,
  path: JsonPath,
  report: ReportChange,
) {
  if (old.keepTotalsDays === next.keepTotalsDays) return;
  const message = `daily totals were kept ${keptFor(old)}, are kept ${keptFor(next)}`;
  const level = (next.keepTotalsDays ?? 0) > (old.keepTotalsDays ?? 0) ? 'privacy' : 'note';
  report(level, 'totals_kept', [...path, 'keepTotalsDays'], message);
}

function keptFor({ keepTotalsDays }: PrintableEntityType): string {
  return keepTotalsDays === null ? 'as long as events' : `${keepTotalsDays} days`;
}

function idForm({ pattern }: PrintableEntityType): string {
  return pattern === null ? 'UUIDs' : pattern;
}
