import fc from 'fast-check';
import { execute, GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { codedError } from '../../src/graphql/errors.js';
import { buildSchema } from '../../src/graphql/schema.js';
import { createErrorScrubber } from '../../src/graphql/scrub-errors.js';

const schema = buildSchema();
const scrub = createErrorScrubber(schema);

/** What graphql-js itself says of a document, as it would go over the wire. */
function errorsOf(text: string, variables: Record<string, unknown> = {}): string[] {
  const written = (error: GraphQLError) => {
    const { message, extensions } = scrub(error);
    return `${extensions.code}: ${message}`;
  };
  try {
    const document = parse(text);
    const invalid = validate(schema, document);
    for (const error of invalid) Object.assign(error.extensions, { code: 'GRAPHQL_VALIDATION_FAILED' });
    if (invalid.length > 0) return invalid.map(written);
    const result = execute({ schema, document, variableValues: variables, contextValue: {} });
    if (result instanceof Promise) return [];
    return (result.errors ?? []).map(written);
  } catch (error) {
    if (error instanceof GraphQLError) return [written(error)];
    throw error;
  }
}

const mutation = 'mutation($input: TrackEventInput!) { trackEvent(input: $input) { status } }';

describe('an error of a document', () => {
  it.each([
    ['{ events { totalCount }', ['GRAPHQL_PARSE_FAILED: The document is not GraphQL.']],
    ['{ mail }', ['GRAPHQL_VALIDATION_FAILED: Cannot query field "…" on type "Query".']],
    [
      '{ events { edges { node { email } } } }',
      ['GRAPHQL_VALIDATION_FAILED: Cannot query field "…" on type "AnalyticsEvent".'],
    ],
    [
      '{ events(who: "a@b.c") { totalCount } }',
      ['GRAPHQL_VALIDATION_FAILED: Unknown argument "…" on field "Query.events".'],
    ],
    ['{ events(first: "a@b.c") { totalCount } }', ['GRAPHQL_VALIDATION_FAILED: A value does not fit Int.']],
    [
      '{ events(filter: {from: "a@b.c"}) { totalCount } }',
      ['GRAPHQL_VALIDATION_FAILED: A value does not fit DateTime.'],
    ],
    [
      '{ events(filter: {mail: "a@b.c"}) { totalCount } }',
      ['GRAPHQL_VALIDATION_FAILED: Field "…" is not defined by type "EventsFilter".'],
    ],
    [
      'query Q { __typename } query Q { __typename }',
      ['GRAPHQL_VALIDATION_FAILED: There can be only one operation named "…".'],
    ],
    ['{ ...Mail }', ['GRAPHQL_VALIDATION_FAILED: Unknown fragment "…".']],
  ])('%s', (text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });

  it.each([
    [
      { eventType: 'x', appName: 'y', clientEventId: 'z', seq: 'a@b.c' },
      'A variable does not fit its type at "seq".',
    ],
    [
      { eventType: { mail: 'a@b.c' }, appName: 'y', clientEventId: 'z' },
      'A variable does not fit its type at "eventType".',
    ],
    [{ eventType: 'x', appName: 'y', clientEventId: 'z', 'a@b.c': 1 }, 'A variable does not fit its type.'],
    ['a@b.c', 'A variable does not fit its type.'],
  ])('a variable that does not fit (%#)', (input, expected) => {
    expect(errorsOf(mutation, { input })).toEqual([`BAD_USER_INPUT: ${expected}`]);
  });
});

describe('an error of a resolver', () => {
  it('keeps our own words, and nobody else’s', () => {
    expect(scrub(codedError('FORBIDDEN'))).toMatchObject({
      extensions: { code: 'FORBIDDEN', retryable: false },
    });
    const foreign = new GraphQLError('duplicate key value: alice@example.org', {
      originalError: new Error('alice@example.org'),
    });
    expect(scrub(foreign)).toMatchObject({
      message: 'A fault of ours; it is logged by request id.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    const plain = new GraphQLError('alice@example.org is not welcome');
    expect(JSON.stringify(scrub(plain))).not.toContain('alice');
  });
});

describe('no value comes back', () => {
  const mark = 'canary7f3a9c1d@example.org';
  it('wherever it stands in the variables', () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constant(mark),
        fc.constant(1),
        fc.constant(null),
        fc.array(tie('node')),
        fc.dictionary(fc.constantFrom('eventType', 'seq', 'properties', mark), tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(value, (input) => {
        expect(errorsOf(mutation, { input }).join()).not.toContain('canary');
      }),
      { numRuns: 500 },
    );
  });
  it('wherever it stands in a document', () => {
    const literals = [
      `"${mark}"`,
      `{a: "${mark}"}`,
      `["${mark}"]`,
      `"""${mark}"""`,
      `"\\"${mark}"`,
      `"x: ${mark}"`,
    ];
    const places = (literal: string) => [
      `{ events(first: ${literal}) { totalCount } }`,
      `{ events(after: ${literal}, filter: ${literal}) { totalCount } }`,
      `{ events(filter: {appName: ${literal}, from: ${literal}, userHash: ${literal}}) { totalCount } }`,
      `mutation { trackEvent(input: ${literal}) { status } }`,
      `mutation { trackEvent(input: {eventType: ${literal}, appName: ${literal}, clientEventId: ${literal}, seq: ${literal}, eventVersion: ${literal}}) { status } }`,
      `{ __typename @include(if: ${literal}) }`,
      `query($a: Int = ${literal}) { events(first: $a) { totalCount } }`,
      `{ events ${literal} }`,
    ];
    const told = literals.flatMap(places).flatMap((text) => errorsOf(text));
    expect(told.length).toBeGreaterThan(40);
    expect(told.join('\n')).not.toContain('canary');
  });
});
