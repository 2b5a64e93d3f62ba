import fc from 'fast-check';
import { expect, it } from 'vitest';
import { attachInteractionCapture } from '../../../src/sdk/capture/index.js';
import { FakeEditor, FakeModel } from './fake-editor.js';
import { ManualClock } from './manual-clock.js';
import { createRecorder } from './recorder.js';

/** No three letters of it are in any name or number that capture tells. */
const secrets = ['zqxjkw', 'vwzkqj', 'QZXWKJ\n', 'jzqvxk=7731'] as const;
const canary = /[zqxjkwv]{3}/i;

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('move' as const), line: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      at: fraction,
      length: fc.nat({ max: 8 }),
      text: fc.constantFrom('', ...secrets),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.double({ min: 0, max: 3_000, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hide' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('setValue' as const), text: fc.constantFrom(...secrets) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('model' as const), text: fc.constantFrom(...secrets) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stepBack' as const), ms: fc.nat({ max: 2_000 }) }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A captured editor, and what was done to it. */
class World {
  readonly editor = new FakeEditor(secrets.join('\n'));
  readonly clock = new ManualClock();
  readonly page = new EventTarget();
  readonly recorder = createRecorder();
  readonly problems: string[] = [];
  readonly capture = attachInteractionCapture(this.editor, {
    track: this.recorder.track,
    onError: (problem) => this.problems.push(problem),
    clock: this.clock,
    page: this.page,
  });
  passed = 0;
  readonly done = { inserted: 0, deleted: 0 };
  readonly #past: string[] = [];

  do(next: Step): void {
    if (next.kind === 'move') this.editor.moveTo(next.line);
    else if (next.kind === 'edit') this.edit(next.at, next.length, next.text);
    else if (next.kind === 'undo') this.undo();
    else if (next.kind === 'pass') this.pass(next.ms);
    else if (next.kind === 'flush') this.capture.flush();
    else if (next.kind === 'hide') this.page.dispatchEvent(new Event('visibilitychange'));
    else if (next.kind === 'setValue') this.editor.replaceAll(next.text, { isFlush: true });
    else if (next.kind === 'model') this.editor.swapModel(new FakeModel(next.text));
    else this.clock.stepBack(next.ms);
  }

  pass(ms: number): void {
    this.passed += ms;
    this.clock.pass(ms);
  }

  edit(at: number, most: number, inserted: string): void {
    const text = this.editor.model?.text ?? '';
    const offset = Math.floor(at * text.length);
    const length = Math.min(most, text.length - offset);
    this.#past.push(text);
    this.done.inserted += inserted.length;
    this.done.deleted += length;
    this.editor.edit([{ offset, length, text: inserted }]);
  }

  undo(): void {
    const text = this.editor.model?.text ?? '';
    const back = this.#past.pop() ?? text;
    this.done.inserted += back.length;
    this.done.deleted += text.length;
    this.editor.replaceAll(back);
  }

  /** The sum of a property over all events told. */
  sum(property: string): number {
    return this.recorder.events.reduce(
      (sum, { details }) => sum + Number(details.properties[property] ?? 0),
      0,
    );
  }
}

it('tells what the catalogue takes, no more time than passed, every size, and nothing of the text', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const world = new World();
      for (const next of steps) world.do(next);
      world.capture.detach();
      const { recorder, done } = world;

      expect(world.problems).toEqual([]);
      expect(JSON.stringify(recorder.events)).not.toMatch(canary);
      const values = recorder.events.flatMap(({ details }) => Object.values(details.properties));
      expect(values.every(Number.isSafeInteger)).toBe(true);
      expect(world.sum('durationMs')).toBeLessThanOrEqual(world.passed + 1e-6);
      const told = { inserted: world.sum('insertedChars'), deleted: world.sum('deletedChars') };
      expect(told.inserted).toBeLessThanOrEqual(done.inserted);
      expect(told.deleted).toBeLessThanOrEqual(done.deleted);
      // A revert has no sizes; where there is none, every size was told.
      if (recorder.events.every(({ eventType }) => eventType !== 'revert')) expect(told).toEqual(done);
      expect(world.clock.waiting()).toBe(0);
      expect(world.editor.listenerCount()).toBe(0);
    }),
    { numRuns: 500 },
  );
});

it('has a canary that sings: a text that was told would be found', () => {
  for (const secret of secrets) expect(JSON.stringify({ properties: { text: secret } })).toMatch(canary);
});

it('ends a burst with a revert exactly where its last edit brought back a text of the last 30 seconds', () => {
  const edit = fc.record({
    text: fc.constantFrom('', 'a', 'b', 'a\nb', 'b\na', 'a\n'),
    ms: fc.constantFrom(10, 400, 1_000, 9_000, 31_000),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
      const editor = new FakeEditor();
      const clock = new ManualClock();
      const recorder = createRecorder();
      attachInteractionCapture(editor, { track: recorder.track, clock });
      const past: { readonly text: string; readonly leftAt: number }[] = [];
      const expected: string[] = [];
      let [burst, startedAt, current]: [string[], number, string] = [[], 0, ''];
      for (const { text, ms } of edits) {
        const now = clock.now();
        const earlier = past.findLast((state) => state.text === text);
        const isRevert = text !== current && earlier !== undefined && now - earlier.leftAt <= 30_000;
        if (text !== current) past.push({ text: current, leftAt: now });
        current = text;
        if (burst.length === 0) startedAt = now;
        // Edits before a trailing run of reverts are one edit; reverts before an edit are part of it.
        burst = isRevert ? [...burst.filter((kind) => kind === 'edit'), 'revert'] : ['edit'];
        editor.replaceAll(text);
        if (ms >= 1_000 || now - startedAt >= 10_000) {
          expected.push(...burst);
          burst = [];
        }
        clock.pass(ms);
      }
      clock.pass(1_000);
      expect(recorder.events.map(({ eventType }) => eventType)).toEqual([...expected, ...burst]);
    }),
    { numRuns: 1_000 },
  );
});
