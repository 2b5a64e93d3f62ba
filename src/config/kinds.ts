import { webOrigin } from './origins.js';
import { type Secret, secretOf, secretProblem } from './secret.js';

/** What a text was read as. With problems, the value only serves to judge the other settings in the same go. */
export interface Parsed<T> {
  readonly value: T;
  /** Without the name of the setting and without its value. */
  readonly problems: readonly string[];
}

/** How a setting is read; null is a setting that is not given. */
export interface Kind<T> {
  /** The default as the documentation prints it. */
  readonly default: string;
  /** Empty text is a mistake that would switch protection off, and does not mean that the setting is not given. */
  readonly refusesEmpty?: true;
  readonly parse: (text: string | null) => Parsed<T>;
}

const right = <T>(value: T): Parsed<T> => ({ value, problems: [] });
const wrong = <T>(value: T, ...problems: readonly string[]): Parsed<T> => ({ value, problems });

/** Any text. */
export function text(fallback: string): Kind<string> {
  return { default: fallback, parse: (given) => right(given ?? fallback) };
}

/** Any text, or null where none is given. */
export function optionalText(shown = '–'): Kind<string | null> {
  return { default: shown, parse: right };
}

/** A whole number within bounds. */
export function whole(fallback: number, least: number, most: number): Kind<number> {
  return {
    default: String(fallback),
    parse(given) {
      if (given === null) return right(fallback);
      const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
      if (number >= least && number <= most) return right(number);
      return wrong(fallback, `must be a whole number from ${least} to ${most}`);
    },
  };
}

/** One word of a closed list. */
export function choice<T extends string>(words: readonly T[], fallback: T): Kind<T> {
  return {
    default: fallback,
    parse(given) {
      const word = given === null ? fallback : words.find((one) => one === given);
      return word === undefined ? wrong(fallback, `must be one of ${words.join(', ')}`) : right(word);
    },
  };
}

/** One word of a closed list, or null where none is given. */
export function optionalChoice<T extends string>(words: readonly T[], shown: string): Kind<T | null> {
  return {
    default: shown,
    parse(given) {
      const word = words.find((one) => one === given) ?? null;
      return given === null || word !== null
        ? right(word)
        : wrong(null, `must be one of ${words.join(', ')}`);
    },
  };
}

/** `1` for yes; nothing or `0` for no. */
export function yes(): Kind<boolean> {
  return {
    default: '–',
    parse(given) {
      const known = given === null || given === '0' || given === '1';
      return known ? right(given === '1') : wrong(false, 'must be 1, or be left out');
    },
  };
}

/** `on` or `off`. */
export function onOff(fallback: 'on' | 'off'): Kind<boolean> {
  const { parse } = choice(['on', 'off'], fallback);
  return {
    default: fallback,
    parse(given) {
      const { value, problems } = parse(given);
      return { value: value === 'on', problems };
    },
  };
}

/** Texts with commas between them. */
export function list(fallback: readonly string[], shown: string): Kind<readonly string[]> {
  return { default: shown, parse: (given) => (given === null ? right(fallback) : someOf(given)) };
}

/** Texts with commas between them, or null where none is given. */
export function optionalList(shown: string): Kind<readonly string[] | null> {
  return { default: shown, parse: (given) => (given === null ? right(null) : someOf(given)) };
}

/** Words of a closed list with commas between them, at least one. */
export function choices<T extends string>(words: readonly T[], fallback: T): Kind<readonly T[]> {
  return {
    default: fallback,
    parse(given) {
      const parts = given === null ? [fallback] : splitList(given);
      const known = parts.flatMap((part) => words.filter((word) => word === part));
      const fine = known.length > 0 && known.length === parts.length;
      return fine ? right(known) : wrong(known, `must be any of ${words.join(', ')}`);
    },
  };
}

/** Web origins with commas between them, kept as browsers serialise them. */
export function origins(shown: string): Kind<readonly string[]> {
  return {
    default: shown,
    parse(given) {
      const parts = given === null ? [] : splitList(given);
      const value = parts.map(webOrigin).filter((origin) => origin !== null);
      if (value.length === parts.length) return right(value);
      return wrong(value, 'must be origins such as https://app.example.org, each one named');
    },
  };
}

/** A name of the IANA time zone database. */
export function timeZone(fallback: string): Kind<string> {
  return {
    default: fallback,
    parse(given) {
      const zone = given ?? fallback;
      return isZone(zone) ? right(zone) : wrong(fallback, 'must be an IANA time zone');
    },
  };
}

/** A connection string, which is a secret because it may hold a password. */
export function connection(schemes: readonly string[], problem: string, shown: string): Kind<Secret | null> {
  return {
    default: shown,
    parse(given) {
      if (given === null) return right(null);
      const fine = schemes.some((scheme) => given.startsWith(scheme));
      return fine ? right(secretOf(given)) : wrong(secretOf(given), problem);
    },
  };
}

/** A secret that is hashed or signed with. */
export function secret(shown: string): Kind<Secret | null> {
  return {
    default: shown,
    refusesEmpty: true,
    parse(given) {
      if (given === null) return right(null);
      return { value: secretOf(given), problems: problemsOf([given]) };
    },
  };
}

/** Such secrets with commas between them; several serve while one is being replaced. */
export function secrets(shown: string): Kind<readonly Secret[]> {
  return {
    default: shown,
    refusesEmpty: true,
    parse(given) {
      if (given === null) return right([]);
      const parts = splitList(given);
      if (parts.length === 0) return { value: [], problems: problemsOf(['']) };
      return { value: parts.map(secretOf), problems: problemsOf(parts) };
    },
  };
}

function problemsOf(texts: readonly string[]): readonly string[] {
  return texts.map(secretProblem).filter((problem) => problem !== null);
}

/** A list that was written down has something in it. */
function someOf(given: string): Parsed<readonly string[]> {
  const parts = splitList(given);
  return parts.length > 0 ? right(parts) : wrong(parts, 'names nothing');
}

/** The parts of a comma-separated list, without blanks. */
function splitList(given: string): readonly string[] {
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
