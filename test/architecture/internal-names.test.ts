import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { internalNames } from '../../scripts/internal-names.mjs';

/** The types that may have such names: no application makes or reads one. */
const internalTypes = [
  'Ledger',
  'Leftover',
  'NewEvent',
  'OfflineHost',
  'OfflineKeeper',
  'OfflinePlatform',
  'OfflineStore',
  'Outbox',
  'OutboxDeps',
  'Platform',
  'QueuedEvent',
  'Session',
  'SessionState',
  'StoredEvent',
  'TransportDeps',
  'Verdict',
  'Wanted',
];

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const names: ReadonlySet<string> = new Set(internalNames);

const { config } = ts.readConfigFile(join(root, 'tsconfig.browser.json'), ts.sys.readFile);
const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(fileNames, options);
const checker = program.getTypeChecker();

/** The properties of one of the names that a file reads, writes or declares, each as all its declarations. */
function propertiesIn(file: ts.Node): (readonly ts.Declaration[])[] {
  const found: (readonly ts.Declaration[])[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isIdentifier(node) || !names.has(node.text)) return;
    const type = ownerOf(node);
    if (type === undefined) return;
    const property = type?.getProperty(node.text) ?? checker.getSymbolAtLocation(node);
    found.push(property?.declarations ?? []);
  };
  visit(file);
  return found;
}

/** The type that a name is a property of; null where the compiler has none; undefined where it is no property. */
function ownerOf(node: ts.Identifier): ts.Type | null | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return checker.getApparentType(checker.getTypeAtLocation(parent.expression));
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent))
    return (parent.propertyName ?? parent.name) === node
      ? checker.getTypeAtLocation(parent.parent)
      : undefined;
  if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) return null;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent);
  if (!isMember || parent.name !== node) return undefined;
  return ts.isObjectLiteralExpression(parent.parent)
    ? (checker.getContextualType(parent.parent) ?? null)
    : null;
}

/** Where a property comes from: the name of its type, or `{}` for an object of our own that has none. */
function homeOf(declaration: ts.Declaration): string {
  const { fileName } = declaration.getSourceFile();
  if (!/\/src\/(client|sdk|react)\//.test(fileName)) return fileName;
  let node: ts.Node = declaration.parent;
  while (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) {
    if (ts.isObjectLiteralExpression(node)) return '{}';
    if (ts.isSourceFile(node)) return fileName;
    node = node.parent;
  }
  return node.name.text;
}

it('are properties of internal types alone, wherever they are read, written or declared', () => {
  const files = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/src\/(client|sdk|react)\//.test(fileName));
  const homes = new Set(files.flatMap((file) => propertiesIn(file).flatMap((of) => of.map(homeOf))));
  expect([...homes].filter((home) => home !== '{}').sort()).toEqual(internalTypes);
});

it('are all there', () => {
  const files = program.getSourceFiles().filter(({ fileName }) => /\/src\/(client|sdk)\//.test(fileName));
  const text = files.map((file) => file.text).join('\n');
  expect(internalNames.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});
