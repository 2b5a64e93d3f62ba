import ts from 'typescript';

/** What a process has around it and a test cannot replace once code has reached for it. */
export type Ambient = 'environment' | 'clock' | 'randomness' | 'network';

export interface AmbientRead {
  readonly what: Ambient;
  /** As it stands in the source, such as `Date.now`. */
  readonly text: string;
  readonly line: number;
}

/**
 * Every place where a program's text reaches for the environment, the time of day, randomness or the network itself
 * instead of getting it as a parameter. `performance.now()` is not among them: it measures how long something took and
 * decides nothing.
 */
export function ambientReads(source: string, fileName = 'program.ts'): AmbientRead[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const found: AmbientRead[] = [];
  const visit = (node: ts.Node): void => {
    const what = ambientOf(node);
    if (what) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ what, text: node.getText(), line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const properties: Readonly<Record<string, Ambient>> = {
  'process.env': 'environment',
  'Date.now': 'clock',
  'Math.random': 'randomness',
  'globalThis.fetch': 'network',
};

const imports: Readonly<Record<string, Ambient>> = {
  randomBytes: 'randomness',
  randomInt: 'randomness',
  randomUUID: 'randomness',
  env: 'environment',
};

function ambientOf(node: ts.Node): Ambient | null {
  if (ts.isPropertyAccessExpression(node)) return properties[node.getText().replaceAll('?', '')] ?? null;
  if (ts.isElementAccessExpression(node)) return node.getText().startsWith('process[') ? 'environment' : null;
  if (ts.isNewExpression(node))
    return node.expression.getText() === 'Date' && !node.arguments?.length ? 'clock' : null;
  if (ts.isImportSpecifier(node)) return imports[(node.propertyName ?? node.name).text] ?? null;
  return isFreeFetch(node) ? 'network' : null;
}

/** The name `fetch` where it is a value that nobody has passed in. */
function isFreeFetch(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node) || node.text !== 'fetch') return false;
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return !isDeclaredAround(node);
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken &&
    parent.right === node
  );
}

/** Whether a parameter or a variable of a function around it has this name. */
function isDeclaredAround(node: ts.Identifier): boolean {
  for (let at: ts.Node = node.parent; at; at = at.parent) {
    if (ts.isFunctionLike(at) && declares(at, node.text)) return true;
  }
  return false;
}

function declares(scope: ts.Node, name: string): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    const isDeclaration = ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isBindingElement(node);
    if (isDeclaration && ts.isIdentifier(node.name) && node.name.text === name) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  ts.forEachChild(scope, visit);
  return found;
}
