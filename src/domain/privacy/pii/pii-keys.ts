import { unmask } from '../shape/text.js';
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
} from './pii-key-words.js';

// A key is a name. What is longer is a text, and is not worth reading.
const maxKeyLength = 128;

/** Every word that a key without boundaries is cut into. */
const vocabulary: ReadonlySet<string> = new Set(
  [...piiWords, ...piiWholeWords, ...surroundings, ...personWords, ...identityWords, ...identifiers]
    .concat([...piiPairs].flatMap((pair) => pair.split('-')))
    .flatMap((word) => [word, `${word}s`]),
);

/**
 * Whether a property of this name would hold personal data or a secret: `userEmail`, `E-Mail`, `first_name`,
 * `ip`, `accessToken`, in any letter case, with any separators or none, full width, with zero-width characters,
 * look-alike letters or digits for letters. It judges whole words, so `shipping` and `recipe` pass, and words
 * in context, so `inputTokens`, `fileName` and `zipFile` do. A key longer than 128 characters is refused.
 */
export function isPiiKey(key: string): boolean {
  if (key.length > maxKeyLength) return true;
  const words = keyWords(key);
  if (judge(words)) return true;
  if (words.length > 1 && judgeSqueezed(words.join(''))) return true;
  return digitCostume.test(unmask(key)) && judge(keyWords(withoutDigitCostume(unmask(key))));
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
  const plain = words.flatMap(toKnownWords).filter((word) => !onlyDigits.test(word));
  return saysPii(withoutHarmlessPairs(plain));
}

/** A word of the tables as it stands there; another is cut up where that works, or kept. */
function toKnownWords(word: string): readonly string[] {
  if (vocabulary.has(word)) return [singular(word)];
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
  const harmless = (index: number) => harmlessPairs.has(`${words[index]}-${words[index + 1]}`);
  return words.filter((_, index) => !harmless(index) && !harmless(index - 1));
}

const stems = new RegExp(piiStems.join('|'));

function saysPii(words: readonly string[]): boolean {
  if (words.some((word) => piiWords.has(word) || stems.test(word))) return true;
  if (words.some((word, index) => isPiiPair(word, words[index + 1]))) return true;
  const telling = words.filter((word) => !surroundings.has(word) || piiWholeWords.has(word));
  return telling.length > 0 && telling.every((word) => piiWholeWords.has(word)) && !onlyCounts(words);
}

function isPiiPair(word: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  if (piiPairs.has(`${word}-${next}`) || (next === 'tokens' && piiPairs.has(`${word}-token`))) return true;
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
const digitLetters: ReadonlyMap<string, string> = new Map(
  ['0o', '1i', '3e', '4a', '5s', '7t', '@a', '$s', '!i', '|i'].map(([digit = '', letter = '']) => [
    digit,
    letter,
  ]),
);

/** `em4il`, `p@ssw0rd`: digits and signs as the letters that they stand in for. */
function withoutDigitCostume(key: string): string {
  return [...key].map((character) => digitLetters.get(character) ?? character).join('');
}
