import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { shellWord } from '../shell-word.js';

/** Where the service runs, as far as the command depends on it. */
export interface Place {
  /** The folder that the service was started in. */
  readonly cwd: string;
  /** The folder of this package. */
  readonly root: string;
}

/**
 * The command that prints a development token of this service, when it is called in the same folder: the script of
 * package.json in a checkout, and the program itself where the package is installed.
 */
export function tokenCommand({ cwd, root }: Place, dataDir: string): string {
  const program =
    isCheckout(root) && cwd === root ? 'npm run -s token --' : `node ${programIn(root, cwd)} token`;
  return dataDir === '.data' ? program : `SIGNALS_DATA_DIR=${shellWord(dataDir)} ${program}`;
}

function isCheckout(root: string): boolean {
  return ['src', 'package-lock.json', join('scripts', 'run.mjs')].every((name) =>
    existsSync(join(root, name)),
  );
}

/** The path of the program: from the folder where it lies below it, else from the root of the file system. */
function programIn(root: string, cwd: string): string {
  const program = join(root, 'dist', 'cli.js');
  const path = relative(cwd, program);
  return shellWord(path.startsWith('..') ? program : path);
}
