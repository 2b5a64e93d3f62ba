import { isObject, type RefusalCause, type Result } from '../contract/index.js';
import type { GraphqlParams } from './identify.js';

const parameterNames = ['query', 'variables', 'operationName', 'extensions'];

/**
 * The parameters of a GraphQL request: no batches, no unknown members, no wrong types. A request that names its
 * document by a hash and does not carry it is refused like any other without a document, with the answer by which
 * gateways and clients know that they have to send the text.
 */
export function toParams(body: unknown): Result<GraphqlParams, RefusalCause> {
  if (Array.isArray(body)) return refuse('operationList');
  if (!isObject(body)) return refuse('bodyNotObject');
  if (Object.keys(body).some((key) => !parameterNames.includes(key))) return refuse('unknownMember');
  const { query, variables, operationName, extensions } = body;
  if (variables != null && !isObject(variables)) return refuse('variablesNotObject');
  if (operationName != null && typeof operationName !== 'string') return refuse('operationNameNotText');
  if (extensions != null && !isObject(extensions)) return refuse('extensionsNotObject');
  if (query != null && typeof query !== 'string') return refuse('queryNotText');
  if (!query && extensions?.persistedQuery != null) return refuse('persistedQueryNotFound');
  return query == null ? refuse('queryMissing') : { ok: true, value: body };
}

function refuse(cause: RefusalCause) {
  return { ok: false, error: cause } as const;
}
