import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind, problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** publint on the tarball, suggestions included. */
export async function lintPackage(tarball) {
  const bytes = readFileSync(tarball);
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true, level: 'suggestion' });
  // Lists no message text of its own accord, only codes.
  const lines = messages.map(
    (message) => `${message.type}: ${formatMessage(message, pkg, { color: false })}`,
  );
  if (lines.length > 0) throw new Error(lines.join('\n'));
}

/**
 * How the package is looked up, as far as that concerns it: the "esm-only" profile of the attw command. Not
 * `node10`, which knows no `exports` (Node did until 12.7; `engines` asks for 20.19). Not `node16-cjs`, which
 * reports that require() gets an ES module: that is so, Node gives it one since 20.19, and node-import.mjs does it.
 */
const resolutions = ['node16-esm', 'bundler'];

/** "Are the types wrong?" on the tarball. */
export async function lintTypes(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  if (analysis.types === false) throw new Error('no types in the package');
  const lines = analysis.problems
    .filter((problem) => resolutions.some((kind) => problemAffectsResolutionKind(problem, kind, analysis)))
    .map((problem) => {
      const { title, shortDescription } = problemKindInfo[problem.kind];
      return `${problem.entrypoint ?? problem.fileName ?? ''} ${title}: ${shortDescription}`.trim();
    });
  const empty = Object.values(analysis.entrypoints).filter(({ resolutions: found }) =>
    resolutions.some((kind) => !found[kind]?.implementationResolution || !found[kind]?.resolution),
  );
  lines.push(...empty.map(({ subpath }) => `${subpath}: no types or no code`));
  if (lines.length > 0) throw new Error([...new Set(lines)].join('\n'));
}
