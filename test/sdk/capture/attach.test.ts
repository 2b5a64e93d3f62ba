import { describe, expect, it } from 'vitest';
import {
  attachInteractionCapture,
  type CaptureProblem,
  type InteractionCaptureOptions,
} from '../../../src/sdk/capture/index.js';
import { FakeEditor, FakeModel } from './fake-editor.js';
import { ManualClock } from './manual-clock.js';
import { createRecorder } from './recorder.js';

const episode = { type: 'episode', id: '019a4f6c-7d2e-7b1a-9c3d-abcdef012345' };

function setUp(options: Partial<InteractionCaptureOptions> = {}, text = '') {
  const editor = new FakeEditor(text);
  const clock = new ManualClock();
  const page = new EventTarget();
  const recorder = createRecorder();
  const problems: CaptureProblem[] = [];
  const capture = attachInteractionCapture(editor, {
    track: recorder.track,
    onError: (problem) => problems.push(problem),
    clock,
    page,
    ...options,
  });
  return { editor, clock, page, recorder, problems, capture };
}

describe('the cursor', () => {
  it('is told of by line, when it leaves a line where it rested', () => {
    const { editor, clock, recorder } = setUp();
    editor.moveTo(3);
    clock.pass(700.8);
    editor.moveTo(3, 20);
    clock.pass(300);
    editor.moveTo(4);
    clock.pass(199);
    editor.moveTo(5);
    expect(recorder.told()).toEqual([['cursor_focus', { lineStart: 3, lineEnd: 3, durationMs: 1_000 }]]);
  });

  it('is not told of before it moved', () => {
    const { clock, recorder, capture } = setUp();
    clock.pass(60_000);
    capture.flush();
    expect(recorder.told()).toEqual([]);
  });

  it('rests in the regions that the host says, and nowhere where it says none', () => {
    const { editor, clock, recorder } = setUp({
      region: ({ lineNumber }) => (lineNumber > 10 ? null : { function: 'solve', lineStart: 1, lineEnd: 10 }),
    });
    for (const line of [2, 5, 9, 11, 12]) {
      editor.moveTo(line);
      clock.pass(500);
    }
    expect(recorder.told()).toEqual([['cursor_focus', { lineStart: 1, lineEnd: 10, durationMs: 1_500 }]]);
  });

  it('is not where a host’s setValue put it', () => {
    const { editor, clock, recorder, capture } = setUp();
    editor.moveTo(7);
    clock.pass(500);
    editor.cursor.fire({ position: { lineNumber: 1, column: 1 }, reason: 1 });
    clock.pass(5_000);
    capture.flush();
    expect(recorder.told()).toEqual([['cursor_focus', { lineStart: 7, lineEnd: 7, durationMs: 500 }]]);
  });
});

describe('names', () => {
  const region = () => ({ file: 'secret.ts', function: 'secretFunction', lineStart: 1, lineEnd: 2 });

  function namesWith(options: Partial<InteractionCaptureOptions>) {
    const properties: unknown[] = [];
    const track = (_eventType: string, details: { readonly properties: unknown }) =>
      properties.push(details.properties);
    const { editor, clock, capture } = setUp({ ...options, track });
    editor.moveTo(1);
    clock.pass(500);
    capture.flush();
    return properties;
  }

  it('are left out unless they are asked for', () => {
    expect(namesWith({ region })).toEqual([{ lineStart: 1, lineEnd: 2, durationMs: 500 }]);
    expect(namesWith({ region, include: { file: false } })).toEqual([
      { lineStart: 1, lineEnd: 2, durationMs: 500 },
    ]);
  });

  it('go along one by one where they are asked for', () => {
    expect(namesWith({ region, include: { file: true } })).toEqual([
      { lineStart: 1, lineEnd: 2, durationMs: 500, file: 'secret.ts' },
    ]);
    expect(namesWith({ region, include: { function: true } })).toEqual([
      { lineStart: 1, lineEnd: 2, durationMs: 500, function: 'secretFunction' },
    ]);
  });

  it('are the last part of the model’s path where the region has no file: no folder of anybody’s', () => {
    expect(namesWith({ include: { file: true, function: true } })).toEqual([
      { lineStart: 1, lineEnd: 1, durationMs: 500, file: 'main.ts' },
    ]);
  });
});

describe('edits', () => {
  it('are told of once a second has passed without one, with their sizes and lines', () => {
    const { editor, clock, recorder } = setUp({}, 'one\ntwo\nthree');
    editor.type('\nfour');
    clock.pass(999);
    editor.edit([{ offset: 4, length: 3, text: 'x' }]);
    clock.pass(999);
    expect(recorder.told()).toEqual([]);
    clock.pass(1);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 6, deletedChars: 3, lineStart: 2, lineEnd: 4 }],
    ]);
  });

  it('are told of every ten seconds when there is no pause', () => {
    const { editor, clock, recorder } = setUp();
    for (let key = 0; key < 250; key += 1) {
      editor.type('x');
      clock.pass(100);
    }
    const sizes = recorder.events.map(({ details }) => details.properties.insertedChars);
    expect(sizes).toEqual([101, 101]);
  });

  it('of several cursors are one', () => {
    const { editor, clock, recorder } = setUp({}, 'a\nb\nc');
    editor.edit([
      { offset: 0, length: 1, text: 'xx' },
      { offset: 4, length: 1, text: 'yy' },
    ]);
    clock.pass(1_000);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 4, deletedChars: 2, lineStart: 1, lineEnd: 3 }],
    ]);
  });

  it('have a paste as a size', () => {
    const { editor, clock, recorder } = setUp();
    editor.type('secret '.repeat(200_000));
    clock.pass(1_000);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 1_400_000, deletedChars: 0, lineStart: 1, lineEnd: 1 }],
    ]);
  });

  it('cover the lines that were there before, or are there after, whichever are more', () => {
    const { editor, clock, recorder } = setUp({}, '1\n2\n3\n4\n5');
    editor.edit([{ offset: 2, length: 5, text: '' }]);
    clock.pass(1_000);
    editor.edit([{ offset: 2, length: 0, text: 'a\nb\nc' }]);
    clock.pass(1_000);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 0, deletedChars: 5, lineStart: 2, lineEnd: 4 }],
      ['edit', { insertedChars: 5, deletedChars: 0, lineStart: 2, lineEnd: 4 }],
    ]);
  });

  it('are not what the host does: setValue, another model, other line ends', () => {
    const { editor, clock, recorder } = setUp({}, 'one');
    editor.replaceAll('two', { isFlush: true });
    editor.replaceAll('two', { isEolChange: true });
    editor.content.fire({ changes: [] });
    editor.swapModel(new FakeModel('three'));
    clock.pass(60_000);
    expect(recorder.told()).toEqual([]);
  });
});

describe('reverts', () => {
  it('are found after a pause, by the age of what was undone', () => {
    const { editor, clock, recorder } = setUp({}, 'start');
    editor.type('ed');
    clock.pass(4_000.5);
    editor.replaceAll('start');
    clock.pass(1_000);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 2, deletedChars: 0, lineStart: 1, lineEnd: 1 }],
      ['revert', { lineStart: 1, lineEnd: 1, ageMs: 4_000 }],
    ]);
  });

  it('are found within one burst, after the edit that they undo; several undos are one revert', () => {
    const { editor, clock, recorder } = setUp({}, 'a\n');
    editor.type('b\n');
    editor.type('c');
    clock.pass(300);
    editor.replaceAll('a\nb\n');
    editor.replaceAll('a\n');
    clock.pass(1_000);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 3, deletedChars: 0, lineStart: 2, lineEnd: 3 }],
      ['revert', { lineStart: 1, lineEnd: 3, ageMs: 300 }],
    ]);
  });

  it('are not typing mistakes that were corrected on the way: those are in the sizes of the edit', () => {
    const { editor, clock, recorder } = setUp({}, 't');
    editor.type('e');
    editor.edit([{ offset: 1, length: 1, text: '' }]);
    editor.type('h');
    clock.pass(1_000);
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 2, deletedChars: 1, lineStart: 1, lineEnd: 1 }],
    ]);
  });

  it('are not redos', () => {
    const { editor, clock, recorder } = setUp({}, 'a');
    for (const [text, flags] of [
      ['ab', {}],
      ['a', {}],
      ['ab', { isRedoing: true }],
    ] as const) {
      editor.replaceAll(text, flags);
      clock.pass(1_000);
    }
    expect(recorder.events.map(({ eventType }) => eventType)).toEqual(['edit', 'revert', 'edit']);
  });

  it('do not reach across a text that the host set, or into another model', () => {
    const { editor, clock, recorder } = setUp({}, 'a');
    editor.replaceAll('b');
    editor.replaceAll('c', { isFlush: true });
    editor.replaceAll('a');
    editor.swapModel(new FakeModel('d'));
    editor.replaceAll('a');
    editor.swapModel(null);
    editor.swapModel(new FakeModel('e'));
    editor.replaceAll('d');
    clock.pass(1_000);
    expect(recorder.events.map(({ eventType }) => eventType)).toEqual(['edit', 'edit', 'edit', 'edit']);
  });

  it('are found when another listener edits the text within the event', () => {
    const editor = new FakeEditor('a\nb');
    const clock = new ManualClock();
    const recorder = createRecorder();
    let formatted = false;
    editor.onDidChangeModelContent(() => {
      if (formatted) return;
      formatted = true;
      editor.edit([{ offset: 0, length: 0, text: '\n\n' }]);
    });
    attachInteractionCapture(editor, { track: recorder.track, clock });
    editor.type('c');
    clock.pass(1_000);
    editor.replaceAll('a\nb');
    clock.pass(1_000);
    expect(recorder.events.map(({ eventType }) => eventType)).toEqual(['edit', 'revert']);
  });
});

describe('entity and route', () => {
  it('go with every event', () => {
    const { editor, clock, recorder } = setUp({ entity: episode, route: '/play/[id]' });
    editor.moveTo(1);
    editor.type('x');
    clock.pass(1_000);
    editor.moveTo(2);
    expect(recorder.events).toHaveLength(2);
    for (const { details } of recorder.events) {
      expect(details).toEqual({ properties: details.properties, entity: episode, route: '/play/[id]' });
    }
  });

  it('are left out where there are none', () => {
    const { editor, clock, recorder } = setUp();
    editor.type('x');
    clock.pass(1_000);
    expect(Object.keys(recorder.events[0]?.details ?? {})).toEqual(['properties']);
  });
});

describe('the end', () => {
  const told = [
    ['cursor_focus', { lineStart: 1, lineEnd: 1, durationMs: 500 }],
    ['edit', { insertedChars: 1, deletedChars: 0, lineStart: 1, lineEnd: 1 }],
  ];

  function busy() {
    const world = setUp();
    world.editor.moveTo(1);
    world.editor.type('x');
    world.clock.pass(500);
    return world;
  }

  it.each(['visibilitychange', 'pagehide'])('hands over on %s what is going on, and once', (type) => {
    const { clock, page, recorder, editor } = busy();
    page.dispatchEvent(new Event(type));
    expect(recorder.told()).toEqual(told);
    page.dispatchEvent(new Event('pagehide'));
    clock.pass(5_000);
    expect(recorder.told()).toEqual(told);
    editor.moveTo(2);
    clock.pass(500);
    page.dispatchEvent(new Event(type));
    expect(recorder.events).toHaveLength(3);
  });

  it('hands over on flush, on detach and when the editor is disposed of', () => {
    for (const end of [
      ({ capture }: ReturnType<typeof busy>) => capture.flush(),
      ({ capture }: ReturnType<typeof busy>) => capture.detach(),
      ({ editor }: ReturnType<typeof busy>) => editor.disposal.fire(),
    ]) {
      const world = busy();
      end(world);
      expect(world.recorder.told()).toEqual(told);
      expect(world.clock.waiting()).toBe(0);
    }
  });

  it('leaves no listener and no timer', () => {
    const listening = new Set<string>();
    const page = {
      addEventListener: (type: string, _listener: unknown, capture: boolean) =>
        listening.add(`${type} ${capture}`),
      removeEventListener: (type: string, _listener: unknown, capture: boolean) =>
        listening.delete(`${type} ${capture}`),
    };
    const { editor, clock, capture, recorder } = setUp({ page: page as never });
    expect(editor.listenerCount()).toBe(4);
    expect([...listening]).toEqual(['visibilitychange true', 'pagehide true']);
    editor.type('x');
    capture.detach();
    capture.detach();
    capture.flush();
    expect(editor.listenerCount()).toBe(0);
    expect(listening.size).toBe(0);
    expect(clock.waiting()).toBe(0);
    expect(recorder.events).toHaveLength(1);
  });

  it('does not end what was attached anew', () => {
    const { editor, clock, page, capture, recorder } = setUp();
    capture.detach();
    const again = attachInteractionCapture(editor, { track: recorder.track, clock, page });
    capture.detach();
    editor.type('x');
    again.flush();
    expect(recorder.events).toHaveLength(1);
  });
});

describe('whatever throws', () => {
  it('in track: the editor does not see it, the host hears of it, later events come through', () => {
    const told: string[] = [];
    const { editor, clock, problems, capture } = setUp({
      track(eventType) {
        told.push(eventType);
        throw new Error('secret');
      },
    });
    editor.moveTo(1);
    editor.type('x');
    clock.pass(500);
    expect(() => editor.moveTo(2)).not.toThrow();
    expect(() => clock.pass(1_000)).not.toThrow();
    expect(() => capture.detach()).not.toThrow();
    expect(told).toEqual(['cursor_focus', 'edit', 'cursor_focus']);
    expect(problems).toEqual(['track', 'track', 'track']);
  });

  it('in onError: nobody sees it', () => {
    const { editor, clock } = setUp({
      track: () => {
        throw new Error('secret');
      },
      onError: () => {
        throw new Error('also');
      },
    });
    editor.type('x');
    expect(() => clock.pass(1_000)).not.toThrow();
  });

  it('in region and model: that event is missed, the next is not', () => {
    const { editor, clock, recorder, problems } = setUp({
      region({ lineNumber }) {
        if (lineNumber === 13) throw new Error('secret');
        return { lineStart: lineNumber, lineEnd: lineNumber };
      },
    });
    editor.moveTo(1);
    clock.pass(500);
    editor.moveTo(13);
    editor.moveTo(2);
    editor.content.fire({
      changes: [{ range: { startLineNumber: 99, endLineNumber: 99 }, rangeLength: 0, text: 'x' }],
    });
    editor.type('x');
    clock.pass(1_000);
    expect(problems[0]).toBe('editor');
    expect(recorder.events.map(({ eventType }) => eventType)).toEqual(['cursor_focus', 'edit']);
  });

  it('in the editor while attaching: what works is followed, and detach takes it away', () => {
    const editor = new FakeEditor();
    const problems: CaptureProblem[] = [];
    const recorder = createRecorder();
    const broken = {
      getModel: editor.getModel,
      onDidChangeCursorPosition: () => {
        throw new Error('disposed');
      },
      onDidChangeModelContent: editor.onDidChangeModelContent,
      onDidChangeModel: () => ({
        dispose: () => {
          throw new Error('disposed');
        },
      }),
      onDidDispose: editor.onDidDispose,
    };
    const onError = (problem: CaptureProblem) => problems.push(problem);
    const capture = attachInteractionCapture(broken, { track: recorder.track, onError });
    editor.type('x');
    expect(() => capture.detach()).not.toThrow();
    expect(recorder.events).toHaveLength(1);
    expect(problems).toEqual(['editor', 'editor']);
    expect(editor.listenerCount()).toBe(0);
  });
});

it('needs no page and no clock of its own: the platform’s do', async () => {
  const editor = new FakeEditor();
  const eventType = await new Promise((resolve) => {
    attachInteractionCapture(editor, { burstPauseMs: 1, track: resolve });
    editor.type('x');
  });
  expect(eventType).toBe('edit');
});
