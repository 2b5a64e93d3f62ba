import { unmask } from '../shape/text.js';

const boundaries =
  /[^\p{L}\p{N}]+|(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;

/**
 * The words of a key in lower case and without costume: split at separators, at changes of case (`userID`,
 * `IPAddress`) and between letters and digits; single letters in a row are one word (`e.m-a_i l`).
 */
export function keyWords(key: string): readonly string[] {
  const joined: string[] = [];
  let spelled = '';
  for (const word of unmask(key).split(boundaries)) {
    if (word === '' || word === undefined) continue;
    if (word.length === 1) {
      spelled += word.toLowerCase();
      continue;
    }
    if (spelled) joined.push(spelled);
    spelled = '';
    joined.push(word.toLowerCase());
  }
  if (spelled) joined.push(spelled);
  return joined;
}

/**
 * The word cut into words of the vocabulary with nothing left over (`useremail` into user, email), longest
 * words first; null where that cannot be done. Words of one letter do not count.
 */
export function cutIntoWords(word: string, vocabulary: ReadonlySet<string>): readonly string[] | null {
  // cutFrom[i]: the words from position i to the end.
  const cutFrom: (readonly string[] | null)[] = new Array(word.length + 1).fill(null);
  cutFrom[word.length] = [];
  for (let start = word.length - 2; start >= 0; start--) {
    for (let end = Math.min(word.length, start + maxWordLength); end > start + 1; end--) {
      const rest = cutFrom[end];
      // Most ends lead nowhere: asked first, because cutting and looking up is what costs.
      if (!rest) continue;
      const head = word.slice(start, end);
      if (!vocabulary.has(head)) continue;
      cutFrom[start] = [head, ...rest];
      break;
    }
  }
  return cutFrom[0] ?? null;
}

// The longest word of the tables is shorter.
const maxWordLength = 16;
