const boundaries =
  /[^\p{L}\p{N}]+|(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;
const oneWord = /^[a-z]{2,}$/;
const plainAscii = /^[\x20-\x7e]*$/;
/** The same words as between `boundaries`, found in a third of the time. */
const asciiWords = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/**
 * The words of an unmasked key in lower case: split at separators, at changes of case (`userID`, `IPAddress`) and
 * between letters and digits; single letters in a row are one word (`e.m-a_i l`).
 */
export function keyWords(key: string): readonly string[] {
  if (oneWord.test(key)) return [key];
  const joined: string[] = [];
  let spelled = '';
  for (const word of plainAscii.test(key) ? (key.match(asciiWords) ?? []) : key.split(boundaries)) {
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
  // Places from which the rest can be cut, the last one first, and where the first word of each rest ends.
  const places = [word.length];
  const endOf = new Map<number, number>();
  let reach = 0;
  for (let start = word.length - 2; start >= 0; start--) {
    while (reach < places.length && (places[reach] ?? 0) > start + maxWordLength) reach++;
    if (reach === places.length) return null;
    for (let index = reach; index < places.length; index++) {
      const end = places[index] ?? 0;
      if (end < start + 2) break;
      if (!vocabulary.has(word.slice(start, end))) continue;
      endOf.set(start, end);
      places.push(start);
      break;
    }
  }
  return places.at(-1) === 0 ? follow(word, endOf) : null;
}

function follow(word: string, endOf: ReadonlyMap<number, number>): readonly string[] {
  const words: string[] = [];
  for (let start = 0; start < word.length; ) {
    const end = endOf.get(start) ?? word.length;
    words.push(word.slice(start, end));
    start = end;
  }
  return words;
}

// The longest word of the tables is shorter.
const maxWordLength = 16;
