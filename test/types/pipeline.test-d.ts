import { describe, expectTypeOf, it } from 'vitest';
import type { CheckedEvent } from '../../src/domain/ingest/checked-event.js';
import {
  type Checks,
  type Nothing,
  type SentEvent,
  type Step,
  startPipeline,
} from '../../src/domain/ingest/pipeline.js';

declare const findsPlan: Step<SentEvent, { plan: string }>;
declare const needsPlan: Step<{ plan: string }, { version: number }>;
declare const looks: Step<object, Nothing>;

describe('a list of steps', () => {
  it('adds up what its steps find out', () => {
    const list = startPipeline().and(findsPlan).and(looks).and(needsPlan);
    expectTypeOf(list).toExtend<Checks<{ plan: string; version: number }>>();
  });
  it('does not compile where a step stands before the one it needs', () => {
    // @ts-expect-error: nobody has found the plan yet
    startPipeline().and(needsPlan).and(findsPlan);
  });
  it('is no list of checked events as long as a field is missing', () => {
    expectTypeOf(startPipeline().and(findsPlan)).not.toExtend<Checks<CheckedEvent>>();
  });
});
