import type {
  CaptureEditor,
  CaptureModel,
  ContentChange,
  CursorChange,
} from '../../../src/sdk/capture/index.js';

type Listener<Event> = (event: Event) => void;

/** A Monaco event: listeners in order, each until it is disposed of. */
class Emitter<Event> {
  readonly listeners = new Set<Listener<Event>>();
  readonly on = (listener: Listener<Event>) => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };
  fire(event: Event): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

/** What replaces `length` units from `offset`. */
export interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

export class FakeModel implements CaptureModel {
  /** Lines that were read since the test last looked. */
  linesRead = 0;
  text: string;
  readonly uri: { readonly path: string };
  #version = 1;

  constructor(text = '', path = '/secret-folder/main.ts') {
    this.text = text;
    this.uri = { path };
  }

  getVersionId = () => this.#version;
  getLineCount = () => this.text.split('\n').length;
  getValueLength = () => this.text.length;
  getLineContent(lineNumber: number): string {
    this.linesRead += 1;
    const line = this.text.split('\n')[lineNumber - 1];
    if (line === undefined) throw new RangeError('Illegal value for lineNumber');
    return line;
  }

  set(text: string): void {
    this.text = text;
    this.#version += 1;
  }

  /** Applies edits that do not overlap, and tells them as Monaco does: last first, in positions of the old text. */
  edit(splices: readonly Splice[]): ContentChange {
    const before = this.text;
    const lineAt = (offset: number) => before.slice(0, offset).split('\n').length;
    const descending = [...splices].sort((one, other) => other.offset - one.offset);
    const changes = descending.map(({ offset, length, text }) => ({
      range: { startLineNumber: lineAt(offset), endLineNumber: lineAt(offset + length) },
      rangeLength: length,
      text,
    }));
    let after = before;
    for (const { offset, length, text } of descending) {
      after = after.slice(0, offset) + text + after.slice(offset + length);
    }
    this.set(after);
    return { changes };
  }
}

/** Monaco as far as capture sees it: a model that can be edited, a cursor, and the five events. */
export class FakeEditor implements CaptureEditor {
  model: FakeModel | null;
  readonly cursor = new Emitter<CursorChange>();
  readonly content = new Emitter<ContentChange>();
  readonly modelChange = new Emitter<void>();
  readonly disposal = new Emitter<void>();
  readonly onDidChangeCursorPosition = this.cursor.on;
  readonly onDidChangeModelContent = this.content.on;
  readonly onDidChangeModel = this.modelChange.on;
  readonly onDidDispose = this.disposal.on;

  constructor(text = '') {
    this.model = new FakeModel(text);
  }

  getModel = () => this.model;

  listenerCount(): number {
    return [this.cursor, this.content, this.modelChange, this.disposal].reduce(
      (sum, { listeners }) => sum + listeners.size,
      0,
    );
  }

  moveTo(lineNumber: number, column = 1): void {
    this.cursor.fire({ position: { lineNumber, column }, reason: 3 });
  }

  edit(splices: readonly Splice[], flags: Partial<ContentChange> = {}): void {
    if (this.model === null) throw new Error('no model to edit');
    this.content.fire({ ...this.model.edit(splices), ...flags });
  }

  /** Types at the end. */
  type(text: string): void {
    this.edit([{ offset: this.model?.text.length ?? 0, length: 0, text }]);
  }

  /** What the user made of the text, as one edit; `setValue` of the host's where `isFlush`. */
  replaceAll(text: string, flags: Partial<ContentChange> = {}): void {
    this.edit([{ offset: 0, length: this.model?.text.length ?? 0, text }], flags);
  }

  swapModel(model: FakeModel | null): void {
    this.model = model;
    this.modelChange.fire();
  }
}
