import type { CaptureModel } from './editor.js';
import { type HashKey, halfSipHash, hashText } from './text-hash.js';

/** A longer text has no hash: to read it whole would be felt. */
const maxLength = 500_000;

/**
 * Gives the hash of the model's text after a change of the lines `first` to `last`, as counted before the change;
 * null where the text is too long. The first call reads the whole text, whatever it says.
 */
export type LineHashes = (first: number, last: number) => number | null;

/**
 * The hash of a model's text, kept by line: one number for each, and no text. A keystroke hashes the line it is in,
 * and then the list of line hashes (0.2 ms for 8,000 lines), instead of copying the whole text out of the editor
 * and hashing that. Two texts that differ in nothing but their line ends have the same hash.
 */
export function createLineHashes(key: HashKey, model: CaptureModel): LineHashes {
  let lines: number[] = [];
  let version = -1;
  return (first, last) => {
    const expected = version + 1;
    // Stays so where the text is too long or the model throws: then the next call reads it whole.
    version = -1;
    if (model.getValueLength() > maxLength) return null;
    const actual = model.getVersionId();
    // Another listener may have edited the text already, or one event may stand for several changes: its positions
    // are then not those of the lines that we hold.
    const [from, to] = actual === expected ? [first, last] : [1, lines.length];
    const end = to + model.getLineCount() - lines.length;
    const touched: number[] = [];
    for (let line = from; line <= end; line += 1) touched.push(hashText(key, model.getLineContent(line)));
    lines = lines.slice(0, from - 1).concat(touched, lines.slice(to));
    version = actual;
    return halfSipHash(key, 2 * lines.length, (index) => {
      const hash = lines[index >> 1] ?? 0;
      return index % 2 ? hash / 0x1_0000_0000 : hash;
    });
  };
}
