/**
 * What capture needs of an editor: a part of the public interface of Monaco (`IStandaloneCodeEditor`, `ITextModel`
 * of https://microsoft.github.io/monaco-editor/typedoc/), by shape, so that no version of it is depended on.
 */
export interface CaptureEditor {
  getModel(): CaptureModel | null;
  onDidChangeCursorPosition(listener: (event: CursorChange) => void): Disposable;
  onDidChangeModelContent(listener: (event: ContentChange) => void): Disposable;
  onDidChangeModel(listener: () => void): Disposable;
  onDidDispose(listener: () => void): Disposable;
}

export interface CaptureModel {
  readonly uri: { readonly path: string };
  /** Grows with every change; by exactly one where nothing else happened in between. */
  getVersionId(): number;
  getLineCount(): number;
  getLineContent(lineNumber: number): string;
  /** In UTF-16 units. */
  getValueLength(): number;
}

export interface Position {
  /** From 1. */
  readonly lineNumber: number;
  readonly column: number;
}

export interface CursorChange {
  readonly position: Position;
  /** `CursorChangeReason`; 1: the host replaced the whole text. */
  readonly reason?: number;
}

export interface ContentChange {
  /** In positions of the text before the change. Capture reads the length of `text`, never the text. */
  readonly changes: readonly {
    readonly range: { readonly startLineNumber: number; readonly endLineNumber: number };
    readonly rangeLength: number;
    readonly text: string;
  }[];
  /** The host replaced the whole text (`setValue`). */
  readonly isFlush?: boolean;
  readonly isEolChange?: boolean;
  readonly isRedoing?: boolean;
}

export interface Disposable {
  dispose(): void;
}
