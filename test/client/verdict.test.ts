import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/client/transport.js';
import { readVerdicts, type Verdict } from '../../src/client/verdict.js';
import {
  type RefusalCause,
  refusalCauses,
  refusalWords,
  trackReasonNames,
  trackReasons,
  trackRules,
} from '../../src/contract/index.js';

const trackRuleNames = Object.keys(trackRules);

/** Of an event that is not stored. */
const lost = (reason: string, outcome: Verdict['outcome'], waitMs = 0) => ({
  stored: undefined,
  reason,
  outcome,
  waitMs,
  place: { field: undefined, rule: undefined },
});

const read = (outcome: Outcome, body: unknown, expected: number, waitMs = 0) =>
  readVerdicts({ outcome, text: JSON.stringify(body) ?? '', waitMs }, expected);

const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('one event of an answer', () => {
  it.each(trackReasonNames)('comes again for %s exactly when the table of reasons says so', (reason) => {
    const { status, retryable } = trackReasons[reason];
    expect(read('http_202', { results: [{ status, reason }] }, 1)).toEqual([
      lost(reason, retryable ? 'retry' : 'final'),
    ]);
  });

  it.each([
    ['ACCEPTED', 'accepted'],
    ['DUPLICATE', 'duplicates'],
  ])('that is %s is stored, and not sent again', (status, stored) => {
    const body = { results: [{ status, reason: null, retryAfterMs: null }] };
    expect(read('http_200', body, 1)).toMatchObject([{ stored, outcome: 'final' }]);
    expect(read('http_200', { data: { trackEvents: body } }, 1)).toMatchObject([
      { stored, outcome: 'final' },
    ]);
  });

  it.each(['ACCEPTED', 'DUPLICATE'])('that is %s is final, whatever reason comes with it', (status) => {
    const body = { results: [{ status, reason: 'OVERLOADED' }] };
    expect(read('http_202', body, 1)).toMatchObject([{ outcome: 'final' }]);
  });

  it.each([
    ['a reason of a newer server is kept', { status: 'REJECTED', reason: 'NEW_RULE' }, 'NEW_RULE'],
    ['a sentence is no reason', { status: 'REJECTED', reason: 'address 1.2.3.4 is bad' }, 'bad_answer'],
    ['a word of 41 letters is no reason', { status: 'REJECTED', reason: 'A'.repeat(41) }, 'bad_answer'],
    ['a list with a word is no reason', { status: 'REJECTED', reason: ['PII_KEY'] }, 'bad_answer'],
    ['a name from the prototype is no reason', { status: 'DROPPED', reason: 'constructor' }, 'bad_answer'],
    ['no reason is a bad answer', { status: 'DROPPED' }, 'bad_answer'],
    ['an unknown status is a bad answer', { status: 'MAYBE' }, 'bad_answer'],
    ['null is a bad answer', null, 'bad_answer'],
  ])('%s', (_, item, reason) => {
    expect(read('http_202', { results: [item] }, 1)).toEqual([lost(reason, 'final')]);
  });

  describe('names the field and the rule that it breaks', () => {
    const of = (field: unknown, rule: unknown) => {
      const item = { status: 'REJECTED', reason: 'INVALID_PROPERTIES', field, rule };
      const [verdict] = read('http_202', { results: [item] }, 1);
      return verdict?.place;
    };

    it.each(trackRuleNames)('%s', (rule) => {
      expect(of('/properties/language', rule)).toEqual({ field: '/properties/language', rule });
    });

    it('over GraphQL as well', () => {
      const item = { status: 'REJECTED', reason: 'PII_VALUE', field: '/entityId', rule: 'pii.email' };
      const body = { data: { trackEvents: { results: [item] } } };
      expect(read('http_200', body, 1)).toEqual([
        { ...lost('PII_VALUE', 'final'), place: { field: '/entityId', rule: 'pii.email' } },
      ]);
    });

    it('up to 200 characters, whatever they are, and one of a newer server', () => {
      const field = `/${'ü\n'.repeat(99)}x`;
      expect(of(field, 'newRule')).toEqual({ field, rule: 'newRule' });
    });

    it.each<[string, unknown, unknown]>([
      ['nothing', undefined, undefined],
      ['null', null, null],
      ['numbers', 1, 1],
      ['truth', true, true],
      ['lists', ['/route'], ['path']],
      ['objects', { length: 1 }, { toString: 1 }],
      ['empty texts', '', ''],
      ['no pointer, and a sentence', 'route', 'is no path'],
      ['too long a pointer and too long a word', `/${'x'.repeat(200)}`, 'a'.repeat(41)],
      ['a second line', 'x\n/route', 'path\n'],
    ])('but leaves out what is neither: %s', (_, field, rule) => {
      expect(of(field, rule)).toEqual({ field: undefined, rule: undefined });
    });

    it('each by itself', () => {
      expect(of('/route', 'no rule')).toEqual({ field: '/route', rule: undefined });
      expect(of('route', 'path')).toEqual({ field: undefined, rule: 'path' });
    });
  });

  it('is the one in its place, with the wait that was asked for it', () => {
    const results = [
      { status: 'DROPPED', reason: 'OVERLOADED', retryAfterMs: 4_000 },
      { status: 'DUPLICATE', reason: null },
      { status: 'DROPPED', reason: 'RATE_LIMITED', retryAfterMs: 999_999_999 },
    ];
    expect(read('http_202', { results }, 3)).toMatchObject([
      { reason: 'OVERLOADED', outcome: 'retry', waitMs: 4_000 },
      { stored: 'duplicates', outcome: 'final' },
      { reason: 'RATE_LIMITED', outcome: 'retry', waitMs: 3_600_000 },
    ]);
  });
});

describe('an answer to all of a batch', () => {
  /** What helps against a refusal of a whole batch: sending it in parts, or later. Nothing helps against the others. */
  const remedies: Readonly<Record<string, Verdict['outcome']>> = {
    BAD_USER_INPUT: 'split',
    REQUEST_ENTITY_TOO_LARGE: 'split',
    SERVICE_UNAVAILABLE: 'retry',
  };

  it.each(Object.keys(refusalCauses))('that refuses the form of the request: %s', (cause) => {
    const { code, httpStatus, retryable, message } = refusalWords(cause as RefusalCause);
    const remedy = remedies[code] ?? 'final';
    const bodies = [
      { error: { code, message, retryable } },
      { errors: [{ message, extensions: { code, retryable } }] },
    ];
    for (const body of bodies) {
      const alone = remedy === 'split' ? 'final' : remedy;
      expect(read(`http_${httpStatus}`, body, 1)).toMatchObject([{ reason: code, outcome: alone }]);
      for (const verdict of read(`http_${httpStatus}`, body, 2))
        expect(verdict).toMatchObject({ reason: code, outcome: remedy });
    }
  });

  /** By what they mean for an event: the statuses that have no word besides. */
  function statusesByOutcome(expected: number) {
    const outcomes = new Map<Verdict['outcome'] | undefined, number[]>();
    for (const status of [0, ...span(300, 599)]) {
      const verdicts = read(`http_${status}`, undefined, expected);
      const [verdict] = verdicts;
      expect(verdicts).toEqual(Array(expected).fill({ ...verdict, reason: `http_${status}`, waitMs: 0 }));
      outcomes.set(verdict?.outcome, [...(outcomes.get(verdict?.outcome) ?? []), status]);
    }
    return outcomes;
  }
  const passing = [0, 408, 425, 429, ...span(500, 599)];
  const divisible = [400, 413, 422];
  const lasting = [...span(300, 399), ...span(400, 499)].filter(
    (status) => !passing.includes(status) && !divisible.includes(status),
  );

  it('comes again with 0, 408, 425, 429 and 5xx, is split with 400, 413 and 422, and is final with others', () => {
    expect(statusesByOutcome(2)).toEqual(
      new Map([
        ['retry', passing],
        ['final', lasting],
        ['split', divisible],
      ]),
    );
  });

  it('is final for a single event where it divides a batch', () => {
    expect(statusesByOutcome(1)).toEqual(
      new Map([
        ['retry', passing],
        ['final', [...lasting, ...divisible].sort((a, b) => a - b)],
      ]),
    );
  });

  it.each(['network', 'timeout', 'no_token'] as const)('that never came, %s, is tried again', (outcome) => {
    expect(read(outcome, undefined, 2)).toEqual(
      Array(2).fill({ reason: outcome, outcome: 'retry', waitMs: 0 }),
    );
    expect(read(outcome, undefined, 1)).toEqual([{ reason: outcome, outcome: 'retry', waitMs: 0 }]);
  });

  it.each<[string, unknown]>([
    ['no text at all', undefined],
    ['too few results', { results: [{ status: 'ACCEPTED' }] }],
    ['too many results', { results: Array(3).fill({ status: 'ACCEPTED' }) }],
    ['a text for results', { results: 'ab' }],
    ['an object for results', { results: { length: 2 } }],
    ['null', null],
    ['a number', 7],
  ])('with 2xx and %s is tried again', (_, body) => {
    for (const status of span(200, 299))
      expect(read(`http_${status}`, body, 2)).toEqual(
        Array(2).fill({ reason: 'bad_answer', outcome: 'retry', waitMs: 0 }),
      );
  });

  it('has no results where the status says that it failed', () => {
    expect(read('http_503', { results: [{ status: 'ACCEPTED' }] }, 1)).toEqual([
      { reason: 'http_503', outcome: 'retry', waitMs: 0 },
    ]);
  });

  it.each([
    ['http_401', 'UNAUTHENTICATED', 'final'],
    ['http_403', 'FORBIDDEN', 'final'],
    ['http_503', 'UNAUTHENTICATED', 'final'],
    ['http_503', 'FORBIDDEN', 'final'],
    ['http_400', 'BAD_REQUEST', 'split'],
    ['http_413', 'REQUEST_ENTITY_TOO_LARGE', 'split'],
    ['http_429', 'RATE_LIMITED', 'retry'],
    ['http_503', 'OVERLOADED', 'retry'],
  ] as const)('of %s is named by the far end’s own word %s', (status, code, outcome) => {
    expect(read(status, { error: { code } }, 2)).toEqual(Array(2).fill({ reason: code, outcome, waitMs: 0 }));
  });

  it('waits as Retry-After says, or as the body does', () => {
    const body = { error: { code: 'RATE_LIMITED', retryAfterMs: 1_500 } };
    expect(read('http_429', body, 1, 7_000)).toMatchObject([{ waitMs: 7_000 }]);
    expect(read('http_429', body, 1)).toMatchObject([{ waitMs: 1_500 }]);
    expect(read('http_429', { error: { retryAfterMs: 999_999_999 } }, 1)).toMatchObject([
      { waitMs: 3_600_000 },
    ]);
  });
});

describe('a GraphQL answer', () => {
  it.each<[string, unknown, string, Verdict['outcome']]>([
    [
      'a code of a refusal',
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }], data: null },
      'UNAUTHENTICATED',
      'final',
    ],
    [
      'a document that is not known',
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
      'GRAPHQL_VALIDATION_FAILED',
      'final',
    ],
    [
      'a persisted query that is not known',
      { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
      'PERSISTED_QUERY_NOT_FOUND',
      'final',
    ],
    [
      'an input that is not taken',
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      'BAD_USER_INPUT',
      'split',
    ],
    [
      'too large a batch',
      { errors: [{ extensions: { code: 'BATCH_TOO_LARGE' } }], data: null },
      'BATCH_TOO_LARGE',
      'split',
    ],
    ['a request that was not executed', { errors: [{ message: 'x' }] }, 'bad_answer', 'split'],
    [
      'a subgraph that is away',
      { errors: [{ message: 'x' }], data: { trackEvents: null } },
      'bad_answer',
      'retry',
    ],
    [
      'a code that nobody here knows, and no data',
      { errors: [{ extensions: { code: 'DOWNSTREAM' } }] },
      'DOWNSTREAM',
      'retry',
    ],
    [
      'a code that nobody here knows',
      { errors: [{ extensions: { code: 'DOWNSTREAM' } }], data: null },
      'DOWNSTREAM',
      'retry',
    ],
  ])('with %s', (_, body, reason, outcome) => {
    expect(read('http_200', body, 2)).toEqual(Array(2).fill({ reason, outcome, waitMs: 0 }));
    expect(read('http_200', body, 1)).toEqual([
      { reason, outcome: outcome === 'split' ? 'final' : outcome, waitMs: 0 },
    ]);
  });

  it('says when to come again', () => {
    const body = { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: 1_500 } }], data: null };
    expect(read('http_200', body, 1)).toEqual([{ reason: 'RATE_LIMITED', outcome: 'retry', waitMs: 1_500 }]);
  });
});

describe('whatever the answer, it never throws and says something of each event', () => {
  const outcomes = fc.oneof(
    fc.nat(999).map((status): Outcome => `http_${status}`),
    fc.constantFrom<Outcome>('network', 'timeout', 'no_token'),
  );
  /** What may be where a word, a number or a list belongs. */
  const anything = fc.oneof(
    fc.constantFrom('ACCEPTED', 'DROPPED', 'OVERLOADED', 'PII_KEY', '', 0, 1, -1, 1e300, true, null),
    fc.constantFrom({ length: 1, map: 1 }, { toString: 1 }, { valueOf: 1 }, [], ['OVERLOADED'], [[1]]),
    fc.jsonValue(),
  );
  const some = <T>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
    fc.oneof(fc.record(parts, { requiredKeys: [] }), anything);
  const item = some({
    status: anything,
    reason: anything,
    retryAfterMs: anything,
    field: anything,
    rule: anything,
  });
  const results = some({ results: fc.oneof(fc.array(item, { maxLength: 3 }), anything) });
  const error = some({ code: anything, retryAfterMs: anything });
  const errors = fc.oneof(fc.array(some({ extensions: error }), { maxLength: 2 }), anything);
  const bodies = fc.oneof(results, some({ error }), some({ data: some({ trackEvents: results }), errors }));
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    bodies.map((body) => JSON.stringify(body)),
  );

  const expectVerdicts = (outcome: Outcome, text: string, expected: number, waitMs = 0) => {
    const verdicts = readVerdicts({ outcome, text, waitMs }, expected);
    expect(verdicts).toHaveLength(expected);
    for (const verdict of verdicts) {
      expect(['retry', 'split', 'final']).toContain(verdict.outcome);
      expect(verdict.reason).toMatch(/^([A-Z_]{1,40}|[a-z]+_\w+|network|timeout)$/);
      expect(verdict.waitMs).toBeLessThanOrEqual(3_600_000);
      expect(verdict.place?.field ?? '/').toMatch(/^\/.{0,199}$/s);
      expect(verdict.place?.rule ?? 'path').toMatch(/^[A-Za-z.]{1,40}$/);
    }
  };

  it('in general', () => {
    fc.assert(fc.property(outcomes, texts, fc.nat(3), fc.nat(3_600_000), expectVerdicts), { numRuns: 2_000 });
  });

  it.each([
    '{"results":{"length":1,"map":1}}',
    '{"results":[{"status":"DROPPED","reason":{"toString":1}}]}',
    '{"results":[{"status":"DROPPED","reason":"OVERLOADED","retryAfterMs":{"toString":1}}]}',
    '{"results":[{"status":"REJECTED","reason":"PII_KEY","field":{"toString":1},"rule":{"toString":1}}]}',
    '{"error":{"code":{"toString":1}}}',
    '{"error":{"retryAfterMs":{"toString":1}}}',
  ])('with %s', (text) => {
    expectVerdicts('http_200', text, 1);
  });
});
