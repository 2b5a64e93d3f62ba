import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../catalogue/samples.js';

/** TypeScript files in memory, and what the compiler and an editor say of them. */
export interface TypescriptProject {
  /** Takes new content for a file that is there, or a further file. */
  write(name: string, content: string): void;
  /** Errors as one line each: the code that is underlined, then the message with all its parts. */
  errors(name: string): string[];
  /** What is struck through: the code, and the number of the message. */
  deprecated(name: string): string[];
  /** What an editor shows over the first place of `marker`, `offset` characters on: its docs and tags. */
  hover(name: string, marker: string, offset?: number): string;
  /** What an editor offers behind the first place of `marker`. */
  completions(name: string, marker: string): string[];
}

let projects = 0;

/** The compiler's own library is read once for all projects. */
const registry = ts.createDocumentRegistry();

/** The module that generated types augment, on the SDK's own declarations. */
const sdk = `import type { AnyTrack, Register, RegisteredTrack } from '${join(root, 'src', 'sdk', 'track.js')}';
export type { AnyTrack, Register };
export interface Tracker<Track> { readonly track: Track }
export declare function createTracker<Track = RegisteredTrack>(): Tracker<Track>;
`;

export const nodeNext: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
export const bundler: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

export function typescriptProject(
  files: Readonly<Record<string, string>>,
  options: ts.CompilerOptions = nodeNext,
): TypescriptProject {
  // Its own for each project: the registry knows files by their paths.
  projects += 1;
  const folder = join(root, 'test', 'catalogue', `in-memory-${projects}`);
  const contents = new Map<string, { text: string; version: number }>();
  const settings: ts.CompilerOptions = {
    ...options,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipDefaultLibCheck: true,
    noEmit: true,
    paths: { 'signals-client': [join(folder, 'sdk.ts')] },
  };
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    contents.set(path, { text, version: (contents.get(path)?.version ?? 0) + 1 });
  };
  for (const [name, text] of Object.entries({ 'sdk.ts': sdk, ...files })) write(name, text);
  const read = (path: string) => contents.get(path)?.text ?? ts.sys.readFile(path);
  const service = ts.createLanguageService(
    {
      getScriptFileNames: () => [...contents.keys()],
      getScriptVersion: (path) => String(contents.get(path)?.version ?? 0),
      getScriptSnapshot(path) {
        const text = read(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => settings,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => contents.has(path) || ts.sys.fileExists(path),
      directoryExists: (path) => path === folder || dirname(path) === folder || ts.sys.directoryExists(path),
      readFile: read,
    },
    registry,
  );
  const place = (name: string, marker: string) => {
    const path = join(folder, name);
    const at = contents.get(path)?.text.indexOf(marker) ?? -1;
    if (at < 0) throw new Error(`${name} has no ${marker}`);
    return { path, at };
  };
  return {
    write,
    errors(name) {
      const path = join(folder, name);
      const found = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
      return found.map((diagnostic) => printed(diagnostic));
    },
    deprecated(name) {
      return service
        .getSuggestionDiagnostics(join(folder, name))
        .filter(({ reportsDeprecated }) => reportsDeprecated)
        .map((diagnostic) => `${underlined(diagnostic)} ${diagnostic.code}`);
    },
    hover(name, marker, offset = 0) {
      const { path, at } = place(name, marker);
      const info = service.getQuickInfoAtPosition(path, at + offset);
      const tags = info?.tags?.map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`) ?? [];
      return [ts.displayPartsToString(info?.documentation), ...tags].join('\n');
    },
    completions(name, marker) {
      const { path, at } = place(name, marker);
      const found = service.getCompletionsAtPosition(path, at + marker.length, {});
      return found?.entries.map((entry) => entry.name) ?? [];
    },
  };
}

function underlined({ file, start = 0, length = 0 }: ts.Diagnostic): string {
  return file?.text.slice(start, start + length) ?? '';
}

function printed(diagnostic: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/\s+/g, ' ');
  return `${underlined(diagnostic)}: ${message}`;
}
