import { describe, expectTypeOf, it } from 'vitest';
import type { Caller } from '../../src/auth/caller.js';
import type { TrackEventInput } from '../../src/contract/index.js';
import type { AnonymousEvent, AnonymousFields } from '../../src/domain/event.js';
import type { Call } from '../../src/domain/ingest/call.js';
import type { CheckedEvent } from '../../src/domain/ingest/checked-event.js';
import type { EventSink } from '../../src/domain/ports/index.js';

type Appendable = Parameters<EventSink['append']>[0][number];

describe('the type that a store takes', () => {
  it('is the anonymous one alone: nothing raw compiles there', () => {
    expectTypeOf<Appendable>().toEqualTypeOf<AnonymousEvent>();
    expectTypeOf<TrackEventInput>().not.toExtend<Appendable>();
    expectTypeOf<CheckedEvent>().not.toExtend<Appendable>();
    // Field by field the same and still refused: only `anonymise` can make one.
    expectTypeOf<AnonymousFields>().not.toExtend<Appendable>();
  });
  it('has no place for an address, a user agent, a subject or a session id', () => {
    type Names = Extract<keyof AnonymousEvent | keyof AnonymousEvent['dimensions'], string>;
    expectTypeOf<
      'ip' | 'userAgent' | 'subject' | 'sub' | 'email' | 'sessionId' | 'host' | 'token'
    >().not.toExtend<Names>();
    expectTypeOf<
      Extract<Names, keyof Call['origin'] | keyof Call['author'] | 'sessionId' | 'host'>
    >().toBeNever();
  });
});

describe('the caller', () => {
  it('has a subject only when signed in', () => {
    expectTypeOf<Extract<Caller, { kind: 'anonymous' }>>().not.toHaveProperty('subject');
    expectTypeOf<Exclude<Caller, { kind: 'anonymous' }>>().toHaveProperty('subject');
  });
});
