import { dayLabel, dayMs } from './civil-date.js';
import type { CivilTime } from './civil-time.js';
import type { SaltDay, Span } from './plan.js';

/** Every day of the salt that a span touches, each once, oldest first. */
export function saltDaysOf(spans: readonly Span[], salt: CivilTime): SaltDay[] {
  const touched = new Set<number>();
  for (const { start, end } of spans) {
    const last = salt.dayOf(end.getTime() - 1);
    for (let day = salt.dayOf(start.getTime()); day <= last; day++) touched.add(day);
  }
  const days = [...touched].sort((one, other) => one - other);
  return days
    .map((day) => ({
      day: dayLabel(day),
      start: new Date(salt.startOfDay(day)),
      end: new Date(salt.startOfDay(day + 1)),
    }))
    .filter(({ start, end }) => start < end);
}

/** Whether a span lies within one day of the salt, so that a visitor has one hash in it. */
export function isInOneSaltDay({ start, end }: Span, salt: CivilTime): boolean {
  return salt.dayOf(start.getTime()) === salt.dayOf(end.getTime() - 1);
}

/** The instant with which a day of the salt (`YYYY-MM-DD`) begins. */
export function startOfSaltDay(day: string, salt: CivilTime): Date {
  return new Date(salt.startOfDay(Date.parse(`${day}T00:00:00Z`) / dayMs));
}
