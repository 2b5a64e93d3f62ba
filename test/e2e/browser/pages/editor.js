// A page with a real Monaco, captured.
import * as monaco from 'monaco-editor/editor/editor.api.js';
import { attachInteractionCapture } from 'signals-client/capture';
import { drive, theTracker } from './driver.js';

globalThis.MonacoEnvironment = { getWorker: () => new Worker('/editor.worker.js', { type: 'module' }) };
const style = document.createElement('link');
Object.assign(style, { rel: 'stylesheet', href: '/editor.css' });
document.head.append(style);

let editor;
let capture;

drive({
  edit(text, episode) {
    const root = document.querySelector('#root');
    root.style.height = '400px';
    editor = monaco.editor.create(root, { value: text, language: 'plaintext' });
    capture = attachInteractionCapture(editor, {
      track: (eventType, details) => theTracker().track(eventType, details),
      entity: { type: 'episode', id: episode },
      burstPauseMs: 300,
    });
    editor.focus();
  },
  text: () => editor.getValue(),
  undo: () => editor.trigger('test', 'undo'),
  moveTo: (lineNumber) => editor.setPosition({ lineNumber, column: 1 }),
  detach: () => capture.detach(),
});
