import { isLongerThan, unmask } from '../shape/text.js';
import { cutIntoWords, keyWords } from './key-words.js';
import {
  countedTokens,
  harmlessPairs,
  identifiers,
  identityWords,
  personWords,
  piiPairs,
  piiStems,
  piiWholeWords,
  piiWords,
  surroundings,
  type WordPairs,
} from './pii-key-words.js';

// A key is a name. What is longer is a text, and is not worth reading.
const maxKeyLength = 128;

/** Every word that a key without boundaries is cut into. */
const vocabulary: ReadonlySet<string> = new Set(
  [...piiWords, ...piiWholeWords, ...surroundings, ...personWords, ...identityWords, ...identifiers]
    .concat([...piiPairs].flatMap(([first, seconds]) => [first, ...seconds]))
    .flatMap((word) => [word, `${word}s`]),
);

/**
 * Whether a property of this name would hold personal data or a secret: `userEmail`, `E-Mail`, `first_name`,
 * `ip`, `accessToken`, in any letter case, with any separators or none, full width, with zero-width characters,
 * look-alike letters or digits for letters. It judges whole words, so `shipping` and `recipe` pass, and words
 * in context, so `inputTokens`, `fileName` and `zipFile` do. A key longer than 128 characters is refused, with its
 * costume or without.
 */
export function isPiiKey(key: string): boolean {
  if (isLongerThan(key, maxKeyLength)) return true;
  const plain = unmask(key);
  const words = keyWords(plain);
  if (judge(words)) return true;
  if (words.length > 1 && judgeSqueezed(words.join(''))) return true;
  return digitCostume.test(plain) && judge(keyWords(withoutDigitCostume(plain)));
}

/** `e.m-a_i l` and `useremail`: what is left when every boundary is taken out. */
function judgeSqueezed(squeezed: string): boolean {
  if (squeezed.includes('email') || squeezed.includes('password')) return true;
  const cut = cutIntoWords(squeezed.replace(outerDigits, ''), vocabulary);
  return cut !== null && judge(cut);
}

const outerDigits = /^\d+|\d+$/g;
const onlyDigits = /^\d+$/;

function judge(words: readonly string[]): boolean {
  const known: string[] = [];
  for (const word of words) {
    if (!onlyDigits.test(word)) known.push(...toKnownWords(word));
  }
  return saysPii(known.some((word) => harmlessPairs.has(word)) ? withoutHarmlessPairs(known) : known);
}

/** A word of the tables as it stands there; another is cut up where that works, or kept. */
function toKnownWords(word: string): readonly string[] {
  if (vocabulary.has(word)) return [singular(word)];
  // Nothing shorter falls into two words.
  if (word.length < 4) return [word];
  return cutIntoWords(word, vocabulary)?.map(singular) ?? [word];
}

function singular(word: string): string {
  if (!word.endsWith('s') || piiWords.has(word)) return word;
  const stem = word.slice(0, word.endsWith('sses') ? -2 : -1);
  // Many users, sessions, tokens are a count; one is somebody or something.
  const isCount = piiWholeWords.has(stem) && stem !== 'name';
  return vocabulary.has(stem) && !isCount ? stem : word;
}

function withoutHarmlessPairs(words: readonly string[]): readonly string[] {
  const harmless = (index: number) => isPair(harmlessPairs, words[index] ?? '', words[index + 1] ?? '');
  return words.filter((_, index) => !harmless(index) && !harmless(index - 1));
}

const stems = new RegExp(piiStems.join('|'));
const shortestStem = Math.min(...piiStems.map((stem) => stem.length));

function saysPii(words: readonly string[]): boolean {
  if (words.some((word) => piiWords.has(word) || (word.length >= shortestStem && stems.test(word))))
    return true;
  if (words.some((word, index) => isPiiPair(word, words[index + 1]))) return true;
  const telling = words.filter((word) => !surroundings.has(word) || piiWholeWords.has(word));
  return telling.length > 0 && telling.every((word) => piiWholeWords.has(word)) && !onlyCounts(words);
}

function isPair(pairs: WordPairs, first: string, second: string): boolean {
  return pairs.get(first)?.has(second) === true;
}

function isPiiPair(word: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  if (isPair(piiPairs, word, next) || (next === 'tokens' && isPair(piiPairs, word, 'token'))) return true;
  if (next === 'name' || next === 'names') return personWords.has(word);
  if (next === 'token') return !countedTokens.has(word);
  return identityWords.has(word) && identifiers.has(next);
}

/** `lastToken` and `isNewUser`: a number or a flag. */
function onlyCounts(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  if (last === 'token') return countedTokens.has(words.at(-2) ?? '');
  return words[0] === 'is' || words[0] === 'has';
}

const digitCostume = /[013457@$!|]/;
const costumeDigits = /[013457@$!|]/g;
const digitLetters: ReadonlyMap<string, string> = new Map(
  ['0o', '1i', '3e', '4a', '5s', '7t', '@a', '$s', '!i', '|i'].map(([digit = '', letter = '']) => [
    digit,
    letter,
  ]),
);

/** `em4il`, `p@ssw0rd`: digits and signs as the letters that they stand in for. */
function withoutDigitCostume(key: string): string {
  return key.replace(costumeDigits, (character) => digitLetters.get(character) ?? character);
}
