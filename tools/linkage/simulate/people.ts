import type { Random } from './random.js';

/**
 * What program a sender uses. It says so in `source`, and that is a word that many share.
 * `web`: the browser client. `api`: a hand-written client that makes version 7 ids with the device's clock.
 * `cli`: one that sends no `sentAt`. `desktop`: one that makes version 1 ids in turns with version 4 ids.
 * `server`: a backend with the role of a service. `import`: history.
 */
export type Program = 'web' | 'api' | 'cli' | 'desktop' | 'server' | 'import';

export interface Person {
  /** Also the token's subject. */
  readonly name: string;
  readonly program: Program;
  /** What the device's clock says minus what is right, in ms. */
  readonly clockErrorMs: number;
  readonly ip: string;
  readonly userAgent: string;
  /** The browser says `Sec-GPC: 1`. */
  readonly optedOut: boolean;
  /**
   * Whether links to this sender count. Not: servers and importers, who are nobody, and clients without `sentAt`
   * whose clock is far behind, because the contract leaves them a mark that is told in docs/privacy.md.
   */
  readonly scored: boolean;
}

const chrome =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Wrong in the ways that were seen: by seconds, by a zone, by a dead battery. */
const wrongClocks = [0, -37_251, 40 * minute, -9 * hour, -400 * day] as const;

/** Fewer would leave a program with one user, who is known by the program alone. */
export const leastPeople = 12;

/** So many people, and beside them two servers, one importer, and (with 20 people or more) clients without `sentAt`. */
export function makePeople(count: number, random: Random): readonly Person[] {
  const hands = Math.max(2, Math.round(count * 0.13));
  const optedOut = Math.max(2, Math.round(count * 0.15));
  const web = count - 3 * hands;
  const make = (program: Program, index: number, more: Partial<Person> = {}): Person => ({
    name: `${program}-${index + 1}`,
    program,
    clockErrorMs: clockError(index, random),
    ip: `198.51.${programs.indexOf(program)}.${index + 1}`,
    userAgent: chrome,
    optedOut: false,
    scored: true,
    ...more,
  });
  const list = (length: number, of: (index: number) => Person): Person[] =>
    Array.from({ length }, (_, index) => of(index));
  return [
    ...list(web, (index) =>
      make(
        'web',
        index,
        index >= web - optedOut ? { optedOut: true } : { userAgent: index % 2 === 0 ? chrome : firefox },
      ),
    ),
    ...list(hands, (index) => make('api', index)),
    ...list(hands, (index) => make('cli', index, { clockErrorMs: smallOrAhead(index, random) })),
    ...list(hands, (index) => make('desktop', index)),
    ...list(3, (index) =>
      make('cli', hands + index, {
        clockErrorMs: [-9 * hour, -11 * minute - 17_000, -3 * hour - 7 * minute][index] ?? 0,
        scored: false,
      }),
    ),
    ...list(2, (index) => make('server', index, { scored: false, clockErrorMs: 0 })),
    make('import', 0, { scored: false, clockErrorMs: 0 }),
  ];
}

const programs: readonly Program[] = ['web', 'api', 'cli', 'desktop', 'server', 'import'];

/** Every other device is one of the wrong clocks; the rest are off by a little, each by its own. */
function clockError(index: number, random: Random): number {
  const wrong = index % 2 === 0 ? wrongClocks[(index / 2) % wrongClocks.length] : undefined;
  return wrong ?? Math.round(random.between(-4_000, 4_000));
}

/** Without `sentAt` a clock that is far behind leaves a mark, see `Person.scored`. */
function smallOrAhead(index: number, random: Random): number {
  return [-37_251, 40 * minute][index] ?? Math.round(random.between(-4_000, 4_000));
}
