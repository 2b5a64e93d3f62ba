import { createBoundedCache } from '../bounded-cache.js';
import { type CivilDay, dayLabel, dayMs, padded } from './civil-date.js';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** No zone was ever further from UTC: Manila and Alaska changed the side of the date line at under 16 hours. */
const farthestMs = 16 * hourMs;

/** What is known of a zone is remembered in pieces of this length, counted from 1970. */
const pieceDays = 365;
const pieceMs = pieceDays * dayMs;
const rememberedPieces = 64;

/**
 * The clock and the calendar of a zone. Instants are milliseconds since 1970; a wall time is what the zone's clock
 * shows, as the milliseconds at which a clock of UTC shows the same.
 */
export interface CivilTime {
  wallOf(instant: number): number;
  /**
   * The first instant at which the clock shows the wall time or, where the clock skips it, a later one. So a day
   * that begins at one o'clock begins at one, and a day that is skipped begins with the next one.
   */
  instantOf(wall: number): number;
  dayOf(instant: number): CivilDay;
  startOfDay(day: CivilDay): number;
  /**
   * The start and end of the hour around an instant. A new hour begins whenever the clock shows a full hour and
   * whenever it is changed: the hour that a change repeats is two hours, and a change by half an hour (Lord Howe
   * Island) leaves one of half an hour.
   */
  startOfHour(instant: number): number;
  endOfHour(instant: number): number;
  /** `2026-10-25T02:00+01:00` */
  labelOf(instant: number): string;
}

/** A piece of a zone's history. */
interface Piece {
  /** The offset with which it begins. */
  readonly offset: number;
  /** In order; the last may fall on the piece's end. */
  readonly changes: readonly { readonly at: number; readonly offset: number }[];
}

/**
 * Makes the civil time of an IANA zone. Throws a RangeError for a zone that Intl does not know. What it knows of the
 * zone is the offset at each midnight of UTC; where two neighbours differ, the instant of the change is searched for
 * between them. That a zone changes twice within a day and back has not happened.
 */
export function createCivilTime(zone: string): CivilTime {
  const readOffset = offsetReader(zone);
  const pieces = createBoundedCache<number, Piece>(rememberedPieces);
  const pieceAt = (instant: number): Piece =>
    pieces.getOrMake(Math.floor(instant / pieceMs), (index) => readPiece(index * pieceMs, readOffset));

  const offsetAt = (instant: number): number => {
    const { offset, changes } = pieceAt(instant);
    return changes.findLast(({ at }) => at <= instant)?.offset ?? offset;
  };
  /** Changes of clocks from one instant to the other, both included, which are less than a piece apart. */
  const changesWithin = (first: number, last: number): number[] =>
    [...new Set([pieceAt(first), pieceAt(last)])]
      .flatMap(({ changes }) => changes.map(({ at }) => at))
      .filter((at) => first <= at && at <= last);

  const wallOf = (instant: number): number => instant + offsetAt(instant);
  const instantOf = (wall: number): number => {
    let start = Math.floor((wall - farthestMs) / pieceMs) * pieceMs;
    for (;;) {
      const { offset, changes } = pieceAt(start);
      const found = firstShowing(wall, { start, offset, changes });
      if (found !== null) return found;
      // The wall time lies at most sixteen hours ahead of the instant: it is shown in this piece or in the next.
      start += pieceMs;
    }
  };
  const startOfHour = (instant: number): number => {
    const offset = offsetAt(instant);
    const full = Math.floor((instant + offset) / hourMs) * hourMs - offset;
    return Math.max(full, ...changesWithin(full, instant));
  };
  const endOfHour = (instant: number): number => {
    const offset = offsetAt(instant);
    const full = (Math.floor((instant + offset) / hourMs) + 1) * hourMs - offset;
    return Math.min(full, ...changesWithin(instant + 1, full));
  };
  const dayOf = (instant: number): CivilDay => Math.floor(wallOf(instant) / dayMs);

  return {
    wallOf,
    instantOf,
    dayOf,
    startOfDay: (day) => instantOf(day * dayMs),
    startOfHour,
    endOfHour,
    labelOf: (instant) =>
      `${dayLabel(dayOf(instant))}T${clockLabel(wallOf(instant))}${offsetLabel(offsetAt(instant))}`,
  };
}

/** Zones whose civil time is remembered: more than one deployment's readers live in. */
const rememberedZones = 64;

/** Letters first: what begins with a sign is an offset, which knows no changes of clocks, and not a zone. */
const zoneName = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** The civil time of a zone by its IANA name, in any letter case as Intl takes it; null where there is none. */
export type CivilTimes = (zone: string) => CivilTime | null;

export function createCivilTimes(): CivilTimes {
  const known = createBoundedCache<string, CivilTime>(rememberedZones);
  return (zone) => {
    if (!zoneName.test(zone)) return null;
    try {
      return known.getOrMake(zone, createCivilTime);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
}

const offsetAtEnd = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** Reads the offset in milliseconds as Intl writes it, so that no year and no calendar stands in between. */
function offsetReader(zone: string): (instant: number) => number {
  const formatter = new Intl.DateTimeFormat('en-US-u-nu-latn', {
    timeZone: zone,
    year: 'numeric',
    timeZoneName: 'longOffset',
  });
  return (instant) => {
    const [found, sign, hours, minutes, seconds] = offsetAtEnd.exec(formatter.format(instant)) ?? [];
    if (found === undefined) throw new Error('Intl has written the offset of a zone in an unknown form.');
    const size = Number(hours ?? 0) * hourMs + Number(minutes ?? 0) * minuteMs + Number(seconds ?? 0) * 1_000;
    return sign === '-' ? -size : size;
  };
}

function readPiece(start: number, readOffset: (instant: number) => number): Piece {
  const first = readOffset(start);
  const changes: { at: number; offset: number }[] = [];
  let before = first;
  for (let midnight = start; midnight < start + pieceMs; midnight += dayMs) {
    const offset = readOffset(midnight + dayMs);
    if (offset !== before) changes.push({ at: findChange(midnight, readOffset), offset });
    before = offset;
  }
  return { offset: first, changes };
}

/** The first instant of a piece at which the clock shows the wall time or a later one; null where it never does. */
function firstShowing(
  wall: number,
  { start, offset, changes }: Piece & { readonly start: number },
): number | null {
  let stretch = { at: start, offset };
  for (const next of [...changes, { at: start + pieceMs, offset }]) {
    const instant = wall - stretch.offset;
    if (instant < next.at) return Math.max(stretch.at, instant);
    stretch = next;
  }
  return null;
}

/** Every change falls on a whole second. */
function findChange(dayStart: number, readOffset: (instant: number) => number): number {
  const before = readOffset(dayStart);
  let same = 0;
  let changed = dayMs / 1_000;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (readOffset(dayStart + middle * 1_000) === before) same = middle;
    else changed = middle;
  }
  return dayStart + changed * 1_000;
}

/** `02:00`; with seconds where a change of clocks fell between two minutes. */
function clockLabel(wall: number): string {
  const seconds = Math.floor((((wall % dayMs) + dayMs) % dayMs) / 1_000);
  return timeLabel(seconds);
}

function offsetLabel(offset: number): string {
  return `${offset < 0 ? '-' : '+'}${timeLabel(Math.abs(offset) / 1_000)}`;
}

function timeLabel(seconds: number): string {
  const text = `${padded(Math.floor(seconds / 3_600))}:${padded(Math.floor(seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${padded(seconds % 60)}`;
}
