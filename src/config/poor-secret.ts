/** A part that is repeated must be this long: 16 random bytes would still be a key of their own. */
const shortestPart = 16;

/** Random texts of 32 decimal digits have about 100; `a` thirty times with two other letters has 11. */
const leastBits = 64;

/** Why a text is easy to guess although it is long, or null: one short pattern again and again, or few characters. */
export function poorSecretProblem(text: string): string | null {
  if (periodOf(text) < Math.min(shortestPart, text.length / 2)) return 'repeats one short pattern';
  if (bitsOf(text) < leastBits) return 'has too few different characters';
  return null;
}

/** The length of the shortest pattern whose repetition, cut off somewhere, is the text (Knuth, Morris and Pratt). */
function periodOf(text: string): number {
  const borders = [0];
  for (let at = 1, border = 0; at < text.length; at++) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[at] === text[border]) border++;
    borders.push(border);
  }
  return text.length - (borders.at(-1) ?? 0);
}

/** Shannon's entropy of the characters as they are distributed in the text: what it can hold at most. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -text.length * shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}
