import type { IncomingMessage } from 'node:http';

/**
 * The elements of a header that is a list, trimmed, empty ones left out. A header that stands twice is one list
 * (RFC 9110 section 5.3): Node joins most of them with a comma.
 */
export function headerList(request: Pick<IncomingMessage, 'headers'>, name: string): readonly string[] {
  const text = headerText(request, name) ?? '';
  return text
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}

/** The whole header, all of its lines joined; null where there is none. */
export function headerText(request: Pick<IncomingMessage, 'headers'>, name: string): string | null {
  const value = request.headers[name];
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(', ') : value;
}
