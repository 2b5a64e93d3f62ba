#!/usr/bin/env node
// `npm run sizes [-- FOLDER …]`: how long files and functions are, the ten longest functions, and the ten with most
// parameters. Sizes are a habit here and no rule: look at the two lists before a change is finished.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './bundle.mjs';

const given = process.argv.slice(2);
if (given.includes('--help')) {
  console.log('Usage: npm run sizes [-- FOLDER …]   (default: src jobs tools)');
  process.exit(0);
}

const files = (given.length > 0 ? given : ['src', 'jobs', 'tools']).flatMap(sourcesIn);
const functions = files.flatMap(({ path, text }) => functionsOf(path, text));
const several = functions.filter(({ lines }) => lines > 1);

console.log(`files:     ${percentiles(files.map(({ lines }) => lines))}`);
console.log(`functions: ${percentiles(several.map(({ lines }) => lines))} (of more than one line)`);
print('longest functions', 'lines', largest(functions, 'lines'));
print('most parameters', 'parameters', largest(functions, 'parameters'));

function sourcesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path) && !path.includes('src/generated/'))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, lines: text.split('\n').length - 1 };
    });
}

function functionsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line;
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const name = (node.name ?? node.parent.name)?.getText() ?? '(no name)';
      const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
      found.push({ name, path, lines, parameters: node.parameters.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function percentiles(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return `${sorted.length}, lines p50 ${at(0.5)}, p90 ${at(0.9)}, longest ${at(1)}`;
}

function largest(all, by) {
  return all.toSorted((a, b) => b[by] - a[by]).slice(0, 10);
}

function print(title, by, rows) {
  console.log(`\n${title}`);
  for (const row of rows) console.log(`${String(row[by]).padStart(6)}  ${row.name}  ${row.path}`);
}
