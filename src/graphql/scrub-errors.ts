import {
  type GraphQLError,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { type ErrorCode, errorCodes } from '../contract/index.js';
import { type ErrorDetails, isCoded } from './errors.js';

/** An error as it goes over the wire. */
export interface WireError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: ErrorCode;
    readonly retryable: boolean;
    readonly retryAfterMs?: number;
  } & ErrorDetails;
}

const armorLimit =
  /^(?:Syntax Error: )?(?:Query depth|Query Cost|Aliases|Directives|Token|Nesting) limit of \d+ exceeded/i;
/** When a caller should come back after an error that may pass. */
export const retryAfterMs = 2_000;

/**
 * graphql-js quotes values in its messages (`got invalid value "alice@example.org"`). This makes an error
 * that says what is wrong, where, and with which code, in words that come from the schema or from us: a quoted
 * word survives only when the schema has it, and whatever follows "found" or a colon is cut off.
 */
export function createErrorScrubber(schema: GraphQLSchema): (error: GraphQLError) => WireError {
  const names = namesOf(schema);
  return (error) => {
    const { code, message, details } = judge(error, names);
    const { retryable } = errorCodes[code];
    return {
      message,
      ...(error.locations && { locations: error.locations.map(({ line, column }) => ({ line, column })) }),
      ...(error.path && { path: error.path }),
      extensions: { code, retryable, ...(retryable && { retryAfterMs }), ...details },
    };
  };
}

interface Judgement {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
}

function judge(error: GraphQLError, names: ReadonlySet<string>): Judgement {
  const { message } = error;
  if (isCoded(error)) {
    const { code, ...details } = error.extensions;
    return { code: code as ErrorCode, message, details: details as ErrorDetails };
  }
  const limit = armorLimit.exec(message);
  if (limit)
    return { code: 'GRAPHQL_VALIDATION_FAILED', message: `${limit[0].replace('Syntax Error: ', '')}.` };
  if (message.startsWith('Variable '))
    return { code: 'BAD_USER_INPUT', message: variableMessage(message, names) };
  if (error.originalError)
    return { code: 'INTERNAL_SERVER_ERROR', message: errorCodes.INTERNAL_SERVER_ERROR.meaning };
  if (message.startsWith('Syntax Error'))
    return { code: 'GRAPHQL_PARSE_FAILED', message: errorCodes.GRAPHQL_PARSE_FAILED.meaning };
  if (error.extensions.code === 'GRAPHQL_VALIDATION_FAILED') {
    return {
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: withoutValues(message, names, 'GRAPHQL_VALIDATION_FAILED'),
    };
  }
  if (error.extensions.code === 'INTERNAL_SERVER_ERROR') {
    return { code: 'INTERNAL_SERVER_ERROR', message: errorCodes.INTERNAL_SERVER_ERROR.meaning };
  }
  return { code: 'BAD_USER_INPUT', message: withoutValues(message, names, 'BAD_USER_INPUT') };
}

/** Says at which input field, as long as every part of the path is a name of the schema or an index. */
function variableMessage(message: string, names: ReadonlySet<string>): string {
  const path = / at "([A-Za-z0-9_.[\]]{1,200})"/.exec(message)?.[1]?.split('.').slice(1) ?? [];
  const known = path.length > 0 && path.every((part) => names.has(part.replace(/\[\d+\]/g, '')));
  return known
    ? `A variable does not fit its type at "${path.join('.')}".`
    : 'A variable does not fit its type.';
}

/** How graphql-js begins the messages whose words, quoted ones aside, are its own. Scalars word theirs as they like. */
const trusted =
  /^(Cannot query field|Cannot spread fragment|Unknown (type|argument|directive|fragment|operation)|Field "|Argument "|Fragment|Directive "|Enum "|Value "|Expected (value|type)|There can be only one|Unused fragment|This anonymous operation|Must provide|GraphQL introspection|Subscription )/;

function withoutValues(message: string, names: ReadonlySet<string>, code: ErrorCode): string {
  const scalar = /^(\w+) cannot represent /.exec(message)?.[1];
  if (scalar && names.has(scalar)) return `A value does not fit ${scalar}.`;
  if (!trusted.test(message)) return errorCodes[code].meaning;
  const head = message.split(/, found |: |; | Did you mean/, 1)[0] ?? '';
  const clean = head.replace(/"([^"]*)"/g, (quoted, word: string) =>
    names.has(word.replace(/[[\]!]/g, '')) ? quoted : '"…"',
  );
  // A quote without its partner means that a value was cut through.
  return (clean.match(/"/g) ?? []).length % 2 === 0
    ? `${clean.replace(/\.$/, '')}.`
    : errorCodes[code].meaning;
}

/** Every word that the schema itself uses. */
function namesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    names.add(type.name);
    if (isEnumType(type)) for (const value of type.getValues()) names.add(value.name);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      names.add(field.name).add(`${type.name}.${field.name}`);
      for (const arg of 'args' in field ? field.args : []) names.add(arg.name);
    }
  }
  for (const directive of schema.getDirectives()) names.add(directive.name).add(`@${directive.name}`);
  return names;
}
