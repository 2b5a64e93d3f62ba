import { createBoundedCache } from '../bounded-cache.js';
import { type CivilDay, dayLabel, dayMs, padded } from './civil-date.js';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** No zone was ever further from UTC: Manila and Alaska changed the side of the date line at under 16 hours. */
const farthestMs = 16 * hourMs;

/** Midnights whose offset is remembered: five years, as many before, and as many again. */
const rememberedMidnights = 8_192;

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

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/**
 * Makes the civil time of an IANA zone. Throws a RangeError for a zone that Intl does not know. What it knows of the
 * zone is the offset at each midnight of UTC; where two neighbours differ, the instant of the change is searched for
 * between them. That a zone changes twice within a day and back has not happened.
 */
export function createCivilTime(zone: string): CivilTime {
  const readOffset = offsetReader(zone);
  const midnights = createBoundedCache<number, number>(rememberedMidnights);
  const changes = createBoundedCache<number, number>(rememberedMidnights);

  const atMidnight = (utcDay: number): number =>
    midnights.getOrMake(utcDay, () => readOffset(utcDay * dayMs));
  /** The instant of the change within a day of UTC; null where there is none. */
  const changeIn = (utcDay: number): number | null =>
    atMidnight(utcDay) === atMidnight(utcDay + 1)
      ? null
      : changes.getOrMake(utcDay, () => findChange(utcDay * dayMs, readOffset));
  const changeAround = (instant: number): number | null => changeIn(Math.floor(instant / dayMs));

  const offsetAt = (instant: number): number => {
    const utcDay = Math.floor(instant / dayMs);
    const change = changeIn(utcDay);
    return atMidnight(change !== null && instant >= change ? utcDay + 1 : utcDay);
  };
  const stretchesOf = (utcDay: number): Stretch[] => {
    const [start, end] = [utcDay * dayMs, (utcDay + 1) * dayMs];
    const change = changeIn(utcDay);
    if (change === null) return [{ start, end, offset: atMidnight(utcDay) }];
    return [
      { start, end: change, offset: atMidnight(utcDay) },
      { start: change, end, offset: atMidnight(utcDay + 1) },
    ];
  };

  const wallOf = (instant: number): number => instant + offsetAt(instant);
  const instantOf = (wall: number): number => {
    const stretches: Stretch[] = [];
    const last = Math.floor((wall + farthestMs) / dayMs);
    for (let utcDay = Math.floor((wall - farthestMs) / dayMs); utcDay <= last; utcDay++)
      stretches.push(...stretchesOf(utcDay));
    // The last stretch ends later than any zone can show the wall time, so there is always one.
    const { start, offset } = stretches.find((stretch) => wall - stretch.offset < stretch.end) as Stretch;
    return Math.max(start, wall - offset);
  };
  const startOfHour = (instant: number): number => {
    const offset = offsetAt(instant);
    const full = Math.floor((instant + offset) / hourMs) * hourMs - offset;
    const changed = [changeAround(full), changeAround(instant)].filter((change) => change !== null);
    return Math.max(full, ...changed.filter((change) => change <= instant));
  };
  const endOfHour = (instant: number): number => {
    const offset = offsetAt(instant);
    const full = (Math.floor((instant + offset) / hourMs) + 1) * hourMs - offset;
    const changed = [changeAround(instant), changeAround(full)].filter((change) => change !== null);
    return Math.min(full, ...changed.filter((change) => change > instant));
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
