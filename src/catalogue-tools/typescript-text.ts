/**
 * The words that TypeScript is written in: whatever a catalogue says, what comes out is one token or one
 * comment. Text that was written by others must never end the comment or the literal that it stands in, open a
 * JSDoc tag, or show an editor something else than the compiler reads (CVE-2021-42574).
 */

/** A string literal in single quotes. */
export function stringLiteral(text: string): string {
  // JSON's escapes are JavaScript's, lone surrogates included; only the quotes differ.
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replace(hidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}

/** Characters that cannot be seen and change how what follows is read: controls, line ends, directions. */
const hidden = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A member's name: quoted unless it is an identifier. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** Text for people on one line, safe inside a comment. */
export function commentText(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .trim()
      .replace(hidden, '')
      // A file in UTF-8 cannot hold a lone surrogate; as it is, the file would never equal the text.
      .replace(/\p{Surrogate}/gu, '\uFFFD')
      .replaceAll('*/', '*\\/')
      // A tag begins with "@" at the start or after a blank; an inline one with "{@". Markdown hides the "\".
      .replace(/(^|[\s{])@/g, '$1\\@')
  );
}

/** A literal or a pattern as Markdown shows code, safe inside a comment. */
export function commentCode(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${commentText(text)}${fence}`;
}

/** A JSDoc comment of these lines, each already safe; `''` is a blank one. Ends with a line break. */
export function docComment(lines: readonly string[], indent: string): string {
  const [only = '', ...more] = lines;
  if (more.length === 0) return `${indent}/** ${only} */\n`;
  const body = lines.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`);
  return `${indent}/**\n${body.join('')}${indent} */\n`;
}

/** What stands behind `=`: a union of literals, one a line where there are many; `never` where there are none. */
export function unionText(members: readonly string[]): string {
  const line = ` ${members.join(' | ') || 'never'}`;
  return line.length <= 80 ? line : members.map((member) => `\n  | ${member}`).join('');
}

/**
 * A type name for each event type: `journey_create-from.template` becomes `JourneyCreateFromTemplate`. Where two
 * become the same, or one is taken already, the later in the file gets the least number that makes it its own.
 */
export function typeNames(names: Iterable<string>, taken: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(taken);
  const made = new Map<string, string>();
  for (const name of names) {
    const base = name.replace(/(?:^|[_.-]+)(\w?)/g, (_, first: string) => first.toUpperCase());
    let free = base;
    for (let number = 2; used.has(free); number += 1) free = `${base}${number}`;
    used.add(free);
    made.set(name, free);
  }
  return made;
}
