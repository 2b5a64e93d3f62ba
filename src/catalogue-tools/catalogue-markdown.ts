import type { PrintableEntityType } from '../catalogue/entity-type.js';
import type { PrintableCatalogue } from '../catalogue/parse-catalogue.js';
import { schemaObject as object, valueText } from '../catalogue/value-text.js';
import type { JsonObject, JsonValue } from '../contract/index.js';
import type { EventTypePlan } from '../domain/catalogue.js';

/**
 * The catalogue as a page to read: what is recorded, by whom, about what, and how close each property is to a
 * person. `file` is the name it was read from, as the page shall print it. The same catalogue always gives the
 * same text.
 */
export function catalogueMarkdown(catalogue: PrintableCatalogue, file: string): string {
  const events = [...catalogue.eventTypes.values()];
  const blocks = [
    '# Catalogue',
    `Generated from \`${file}\` by \`signals catalog docs\`; edit that file, not this one.`,
    'An event is taken only when its type stands here, and of its properties only those that stand here are ever stored. Text is limited to the lengths shown; numbers to the ranges. Everything else about the file is in its JSON Schema, which editors find through `$schema`.',
    privacyLegend,
    '## Apps',
    table(
      ['App', 'Owner', 'What it is', 'Event types'],
      [...catalogue.apps.values()].map((app) => [
        code(app.name),
        cell(app.owner),
        cell(app.description),
        events
          .filter((event) => event.apps.includes(app.name))
          .map(linkTo)
          .join(', '),
      ]),
    ),
    '## Entity types',
    table(
      ['Entity type', 'What it is', 'Ids', 'Totals kept', 'Examples'],
      [...catalogue.entityTypes.values()].map(entityRow),
    ),
    '## Event types',
    ...events.flatMap(eventBlocks),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const privacyLegend = [
  'Privacy classes:',
  '',
  '- `technical`: about the software, such as a latency or an exit code;',
  '- `behavioural`: what somebody did;',
  '- `identifier`: points at a thing, such as a slug or a file;',
  '- `sensitive`: close to a person; meant for event types that clients send only after asking.',
].join('\n');

function entityRow(type: PrintableEntityType): string[] {
  const ids = type.pattern === null ? 'UUID' : `${code(type.pattern)}, at most ${type.maxLength} characters`;
  const kept = type.keepTotalsDays === null ? 'as long as events' : `${type.keepTotalsDays} days`;
  return [code(type.name), cell(type.description), ids, kept, type.examples.map(code).join(', ')];
}

function eventBlocks(event: EventTypePlan): string[] {
  const rows = propertyRows(event.schema, '');
  return [
    `### ${event.name}`,
    ...(event.deprecated === null ? [] : [`**Deprecated.** ${deprecation(event.deprecated)}`]),
    prose(event.description),
    facts(event),
    rows.length === 0
      ? 'No properties.'
      : table(['Property', 'Required', 'Value', 'Privacy', 'What it is'], rows),
  ];
}

function deprecation(deprecated: NonNullable<EventTypePlan['deprecated']>): string {
  const instead = deprecated.replacement === null ? '' : ` Use ${link(deprecated.replacement)} instead.`;
  return `${prose(deprecated.reason)}${instead}`;
}

function facts(event: EventTypePlan): string {
  const older = event.versions.filter((version) => version !== event.version);
  const lines = [
    `Apps: ${event.apps.map(code).join(', ')}`,
    `Owner: ${prose(event.owner)}`,
    `Entity: ${entityFact(event)}`,
    `Version: ${event.version}${older.length === 0 ? '' : `; also accepted: ${older.join(', ')}`}`,
    ...(event.enabled ? [] : ['Switched off: events are dropped as `DISABLED`']),
    ...(event.optIn ? ['Opt-in: clients ask the user before they send it'] : []),
    ...(event.gpc === 'drop' ? ['Dropped where the browser says `Sec-GPC` or `DNT`'] : []),
    ...(event.unknownProperties === 'reject' ? ['Refused where it holds an undeclared property'] : []),
    ...(Object.keys(object(event.schema.properties)).length === 0 ? [] : [`At most ${event.maxBytes} bytes`]),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function entityFact({ entityTypes, entityRequired }: EventTypePlan): string {
  if (entityTypes?.length === 0) return 'none';
  const types = entityTypes === null ? 'any' : entityTypes.map(code).join(', ');
  return `${types} (${entityRequired ? 'required' : 'optional'})`;
}

function propertyRows(schema: JsonObject, prefix: string): string[][] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(object(schema.properties)).flatMap(([name, value]) => {
    const property = object(value);
    const note = property.deprecated === true ? 'Deprecated. ' : '';
    const row = [
      code(`${prefix}${name}`),
      required.includes(name) ? 'yes' : '',
      valueText(property, code),
      text(property['x-privacy']),
      cell(`${note}${text(property.description ?? property.title)}`.trim()),
    ];
    let inner = property;
    let path = `${prefix}${name}`;
    for (; inner.type === 'array'; inner = object(inner.items)) path += '[]';
    return [row, ...propertyRows(inner, `${path}.`)];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None.';
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** A name as a link to its heading: anchors keep letters, digits, "-" and "_", in lower case. */
function link(name: string): string {
  return `[\`${name}\`](#${name.toLowerCase().replace(/[^a-z0-9_-]/g, '')})`;
}

const linkTo = (event: EventTypePlan) => link(event.name);

/** In a table a bar ends the cell even inside code, unless it is escaped. */
function code(value: string): string {
  const fence = value.includes('`') ? '``' : '`';
  return `${fence}${value.replaceAll('|', '\\|')}${fence}`;
}

function prose(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/[\\`*_<>[\]#]/g, '\\$&');
}

function cell(value: string): string {
  return prose(value).replaceAll('|', '\\|');
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
