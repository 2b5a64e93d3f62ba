import { createElement, StrictMode } from 'react';
import { describe, expect, it } from 'vitest';
import { type UseInteractionCaptureOptions, useEditorCapture } from '../../../src/react/editor-capture.js';
import type { CaptureEditor } from '../../../src/sdk/capture/index.js';
import { FakeEditor } from './fake-editor.js';
import { createTestRoot } from './react-root.js';
import { createRecorder } from './recorder.js';

interface Props {
  readonly editor: CaptureEditor | null | undefined;
  readonly options?: UseInteractionCaptureOptions;
}

const episode = (last: number) => ({ type: 'episode', id: `019a4f6c-7d2e-7b1a-9c3d-abcdef01234${last}` });

function setUp() {
  const recorder = createRecorder();
  const root = createTestRoot();
  const flushes: (() => void)[] = [];
  let renders = 0;
  function Editor({ editor, options = {} }: Props): null {
    renders += 1;
    flushes.push(useEditorCapture(recorder, editor, options).flush);
    return null;
  }
  const render = (props: Props) => root.render(createElement(StrictMode, null, createElement(Editor, props)));
  return { recorder, root, render, flushes, renders: () => renders };
}

describe('useInteractionCapture under StrictMode', () => {
  it('follows an editor that comes later, tells everything once, and lets go at the end', async () => {
    const { recorder, root, render } = setUp();
    const editor = new FakeEditor();
    await render({ editor: null });
    await render({ editor: undefined });
    await render({ editor });
    expect(editor.listenerCount()).toBe(4);
    editor.type('x');
    expect(recorder.told()).toEqual([]);
    await root.unmount();
    expect(recorder.told()).toEqual([
      ['edit', { insertedChars: 1, deletedChars: 0, lineStart: 1, lineEnd: 1 }],
    ]);
    expect(editor.listenerCount()).toBe(0);
  });

  it('follows an editor that is there at the first mount, after both of the effects', async () => {
    const { recorder, root, render } = setUp();
    const editor = new FakeEditor();
    await render({ editor });
    expect(editor.listenerCount()).toBe(4);
    editor.type('x');
    await root.unmount();
    expect(recorder.events).toHaveLength(1);
  });

  it('leaves one editor for another', async () => {
    const { recorder, render } = setUp();
    const [first, second] = [new FakeEditor(), new FakeEditor()];
    await render({ editor: first });
    first.type('x');
    await render({ editor: second });
    expect(recorder.events).toHaveLength(1);
    expect([first.listenerCount(), second.listenerCount()]).toEqual([0, 4]);
  });

  it('hands over under the old episode what was going on when the episode changes', async () => {
    const { recorder, render, flushes } = setUp();
    const editor = new FakeEditor();
    await render({ editor, options: { entity: episode(1), route: '/play/[id]' } });
    editor.type('x');
    await render({ editor, options: { entity: episode(2) } });
    editor.type('y');
    flushes.at(-1)?.();
    expect(recorder.events.map(({ details }) => [details.entity, details.route])).toEqual([
      [episode(1), '/play/[id]'],
      [episode(2), undefined],
    ]);
  });

  it('does not attach anew for options that are new objects with the same in them', async () => {
    const { recorder, render } = setUp();
    const editor = new FakeEditor();
    let asked = 0;
    const { getModel } = editor;
    editor.getModel = () => {
      asked += 1;
      return getModel();
    };
    const options = (line: number) => ({
      entity: episode(1),
      include: { file: false },
      minDwellMs: 0,
      region: () => ({ lineStart: line, lineEnd: line }),
      onError: () => {},
    });
    await render({ editor, options: options(1) });
    const asks = asked;
    editor.moveTo(5);
    await render({ editor, options: options(2) });
    editor.moveTo(5);
    expect(asked).toBe(asks);
    expect(recorder.events.map(({ details }) => details.properties.lineStart)).toEqual([1]);
  });

  it('hears of problems through the function of the latest render', async () => {
    const { render } = setUp();
    const heard: string[] = [];
    const editor = new FakeEditor();
    const region = () => {
      throw new Error('secret');
    };
    await render({ editor, options: { region, onError: () => heard.push('first') } });
    await render({ editor, options: { region, onError: (problem) => heard.push(problem) } });
    editor.moveTo(1);
    expect(heard).toEqual(['editor']);
  });

  it('gives one flush for good, harmless without an editor, and causes no render', async () => {
    const { render, flushes, renders, recorder } = setUp();
    const editor = new FakeEditor();
    await render({ editor: null });
    flushes[0]?.();
    await render({ editor });
    const before = renders();
    editor.type('x');
    editor.moveTo(2);
    flushes[0]?.();
    expect(recorder.events).toHaveLength(1);
    expect(renders()).toBe(before);
    // StrictMode renders the first time twice, each time with a state of its own: one of the two stays.
    expect(new Set(flushes.slice(1)).size).toBe(1);
  });
});
