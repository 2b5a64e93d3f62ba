const groups = [8, 4, 4, 4, 12];

/** The source of a regular expression for a UUID in lower case (RFC 9562 section 4), given what stands between its groups. */
export function uuidPattern(separator: string): string {
  return groups.map((digits) => `[0-9a-f]{${digits}}`).join(separator);
}

/** Characters of the text form. */
export const uuidLength = 36;

const textForm = new RegExp(`^${uuidPattern('-')}$`, 'i');
const nil = '00000000-0000-0000-0000-000000000000';

/** Whether a text is a UUID of any version and variant, in any letter case. */
export function isUuid(text: string): boolean {
  return text.length === uuidLength && textForm.test(text);
}

/** The UUID in lower case, or null. The nil UUID names nothing. */
export function toUuid(value: unknown): string | null {
  return typeof value === 'string' && isUuid(value) && value !== nil ? value.toLowerCase() : null;
}
