import type { IncomingMessage } from 'node:http';
import type { RefusalCause } from '../contract/index.js';
import { headerList } from './header-list.js';

const jsonTypes = ['application/json', 'application/graphql-response+json'];

/**
 * What is wrong with the declared form of a body; null where it is JSON in UTF-8, uncompressed. Forms, plain text and
 * `application/graphql` can be sent by any web page without a preflight; compressed bodies are bombs.
 */
export function contentProblem(request: Pick<IncomingMessage, 'headers'>): RefusalCause | null {
  const codings = headerList(request, 'content-encoding');
  if (codings.some((coding) => coding.toLowerCase() !== 'identity')) return 'compressedBody';
  const header = request.headers['content-type'];
  if (!header) return 'contentTypeMissing';
  const [type = '', ...parameters] = header.toLowerCase().split(';');
  if (!jsonTypes.includes(type.trim())) return 'contentTypeNotJson';
  return parameters.every(isHarmless) ? null : 'charsetNotUtf8';
}

/** Whether a parameter of the type is no charset, or that of JSON. */
function isHarmless(parameter: string): boolean {
  const [name, value] = parameter.split('=').map((part) => part.trim());
  return name !== 'charset' || ['utf-8', 'utf8', '"utf-8"'].includes(value ?? '');
}
