import { shellWord } from '../app/shell-word.js';

/**
 * A call of this program that can be pasted into a shell, also where the package is not installed: `npx signals`
 * alone would then fetch a package of that name, which is somebody else's.
 */
export function shellCommand(words: readonly string[]): string {
  return ['npx -p signals-subgraph signals', ...words.map(shellWord)].join(' ');
}
