import { requiredNames, schemaObject, valueText } from '../catalogue/value-text.js';
import type { JsonObject } from '../contract/index.js';
import { commentCode, commentText, docComment, memberName, stringLiteral } from './typescript-text.js';

/**
 * The TypeScript type of the values that a schema takes, as near as a type can be: enums are unions, `const` a
 * literal, objects closed. What a type cannot say (ranges, lengths, patterns) stands in the comments of the
 * members. `indent` is that of the line it stands on.
 */
export function typeText(schema: JsonObject, indent: string): string {
  const choices = choicesOf(schema);
  if (choices !== null) return choices.join(' | ');
  if (schema.type === 'array') {
    const items = schemaObject(schema.items);
    const item = typeText(items, indent);
    const isOneWord = items.type !== 'array' && (choicesOf(items)?.length ?? 1) === 1;
    return isOneWord ? `readonly ${item}[]` : `readonly (${item})[]`;
  }
  if (schema.type === 'object') return objectText(schema, indent);
  if (schema.type === 'string' || schema.type === 'boolean') return schema.type;
  return 'number';
}

function choicesOf(schema: JsonObject): string[] | null {
  const values = Array.isArray(schema.enum)
    ? schema.enum
    : schema.const === undefined
      ? null
      : [schema.const];
  return values?.map((value) => (typeof value === 'string' ? stringLiteral(value) : String(value))) ?? null;
}

function objectText(schema: JsonObject, indent: string): string {
  const members = Object.entries(schemaObject(schema.properties));
  if (members.length === 0) return 'Record<string, never>';
  const required = requiredNames(schema);
  const inner = `${indent}  `;
  const lines = members.map(([name, value]) => {
    const property = schemaObject(value);
    const type = typeText(property, inner);
    // Undefined is as good as left out: JSON has no such thing. It matters under `exactOptionalPropertyTypes`.
    const member = required.has(name)
      ? `${memberName(name)}: ${type}`
      : `${memberName(name)}?: ${type} | undefined`;
    return `${docComment(propertyDoc(property), inner)}${inner}${member};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function propertyDoc(property: JsonObject): string[] {
  const about = property.description ?? property.title;
  const range = rangeText(property);
  const facts = [
    ...(range === null ? [] : [`${range[0]?.toUpperCase()}${range.slice(1)}.`]),
    `Privacy: ${property['x-privacy']}.`,
  ].join(' ');
  return [
    ...(typeof about === 'string' ? [commentText(about), ''] : []),
    facts,
    ...(property.deprecated === true ? ['', '@deprecated No longer to be sent.'] : []),
  ];
}

/** What the type leaves unsaid; null where it says all. */
function rangeText(schema: JsonObject): string | null {
  if (choicesOf(schema) !== null || schema.type === 'boolean' || schema.type === 'object') return null;
  return valueText(schema, commentCode);
}
