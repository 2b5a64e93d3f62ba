import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node } from './processes.mjs';

/** What every program is compiled with: all that an application may ask of the types that it imports. */
const strictest = {
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'Bundler',
  lib: ['ES2022', 'DOM'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  jsx: 'react-jsx',
  noEmit: true,
  // Ours too is checked, and that is what this is about.
  skipLibCheck: false,
};

/**
 * Type-checks one of programs/ in an application's folder. Rejects with the compiler's words; a mistake in a
 * program that the compiler does not find is one of them (`@ts-expect-error`).
 */
export async function typeCheck(
  folder,
  program,
  { programs, installed, compiler = 'typescript', options = {} },
) {
  cpSync(join(programs, program), join(folder, program));
  const config = { compilerOptions: { ...strictest, ...options }, files: [program] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const manifest = JSON.parse(readFileSync(join(installed, compiler, 'package.json'), 'utf8'));
  const tsc = join(installed, compiler, manifest.bin.tsc);
  await node(tsc, ['--pretty', 'false', '-p', 'tsconfig.json'], { cwd: folder });
}
