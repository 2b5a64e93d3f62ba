import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

// "No event passes `anonymise` with a field missing" is a promise of the compiler. Here every line that gives a
// field is taken out in turn, and the compiler has to say no.

const root = fileURLToPath(new URL('../../', import.meta.url));
const anonymise = join(root, 'src/domain/ingest/anonymise.ts');
const dimensions = join(root, 'src/domain/ingest/dimensions.ts');
const steps = join(root, 'src/domain/ingest/steps/index.ts');

let service: ts.LanguageService;
/** What a file is taken to hold, in place of what it holds. */
const pretended = new Map<string, { readonly text: string; readonly version: number }>();
let version = 0;

beforeAll(() => {
  const configPath = join(root, 'tsconfig.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configPath, ts.sys.readFile).config,
    ts.sys,
    dirname(configPath),
  );
  service = ts.createLanguageService({
    getScriptFileNames: () => [anonymise, dimensions, steps],
    getScriptVersion: (file) => String(pretended.get(file)?.version ?? 0),
    getScriptSnapshot(file) {
      const text = pretended.get(file)?.text ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  });
});

/** The errors that the compiler finds in the file when it holds this text. */
function errorsIn(file: string, text: string): readonly string[] {
  version += 1;
  pretended.set(file, { text, version });
  const found = service
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  version += 1;
  pretended.set(file, { text: readFileSync(file, 'utf8'), version });
  return found;
}

/** Every field that an object literal of the file gives, and the text without it. */
function withoutEachField(file: string): readonly (readonly [name: string, text: string])[] {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: (readonly [string, string])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const rest = text.slice(node.getEnd()).replace(/^,/, '');
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push([`${node.name.getText()} (line ${line})`, text.slice(0, node.getFullStart()) + rest]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('the compiler', () => {
  it('accepts the files as they are', () => {
    for (const file of [anonymise, dimensions, steps])
      expect(errorsIn(file, readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('refuses anonymise without any one of its fields', () => {
    const fields = [anonymise, dimensions].flatMap((file) =>
      withoutEachField(file).map(([name, text]) => ({ name, file, text })),
    );
    expect(fields.length).toBeGreaterThan(25);
    const accepted = fields.filter(({ file, text }) => errorsIn(file, text).length === 0);
    expect(accepted.map(({ name }) => name)).toEqual([]);
  });

  it('refuses the list of steps without any one that finds something out', () => {
    const text = readFileSync(steps, 'utf8');
    const names = [...text.matchAll(/\n {2}\.and\((put\w+|rejectUnknown\w+|dropOptedOut|boundWords)\)/g)];
    expect(names).toHaveLength(12);
    for (const [line, name] of names) expect(errorsIn(steps, text.replace(line, '')), name).not.toEqual([]);
  });
});
