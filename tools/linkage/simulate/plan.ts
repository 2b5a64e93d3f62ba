import type { SaltDay } from './days.js';
import type { Random } from './random.js';

/** What a person does on a day. Drawn anew for each day, so that no habit leads from one day to the next. */
export type Scenario = 'plain' | 'midnight' | 'lid' | 'offline' | 'two_tabs' | 'new_page';

export type Deed =
  | { readonly at: number; readonly do: 'track' | 'track_in_second_tab' }
  | { readonly at: number; readonly do: 'close_lid' | 'open_lid' }
  | { readonly at: number; readonly do: 'go_offline' | 'go_online' }
  | { readonly at: number; readonly do: 'new_page' | 'open_second_tab' | 'close_second_tab' };

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const scenarios: readonly Scenario[] = [
  'plain',
  'midnight',
  'midnight',
  'lid',
  'lid',
  'offline',
  'two_tabs',
  'new_page',
];

/** All deeds of one person on all days, in no particular order. */
export function planDeeds(days: readonly SaltDay[], random: Random): readonly Deed[] {
  return days.flatMap((day, index) => {
    // What ends on the next day needs one.
    const scenario = index === days.length - 1 ? 'plain' : random.pick(scenarios);
    const visits = Array.from({ length: 2 }, () =>
      visit(random.between(day.start + 5 * minute, day.end - 10 * minute), random),
    );
    return [...visits.flat(), ...extra(scenario, day, random)];
  });
}

/** Some events a few seconds apart. */
function visit(start: number, random: Random): readonly Deed[] {
  let at = start;
  return Array.from({ length: 3 + random.whole(4) }, () => {
    at += Math.round(300 + -Math.log(1 - random.next()) * 1_000);
    return { at, do: 'track' as const };
  });
}

function extra(scenario: Scenario, day: SaltDay, random: Random): readonly Deed[] {
  if (scenario === 'midnight') return aroundMidnight(day, random);
  if (scenario === 'lid') return lid(day, random);
  if (scenario === 'offline') return offline(day, random);
  if (scenario === 'two_tabs') return twoTabs(day, random);
  if (scenario === 'new_page')
    return [{ at: random.between(day.start + hour, day.end - hour), do: 'new_page' }];
  return [];
}

/** Events before and after the salt's midnight, so close to each other that one request takes several. */
function aroundMidnight(day: SaltDay, random: Random): readonly Deed[] {
  const deeds: Deed[] = [];
  const end = day.end + random.between(3, 12) * second;
  for (let at = day.end - random.between(3, 12) * second; at < end; at += random.between(400, 1_900))
    deeds.push({ at, do: 'track' });
  return deeds;
}

/** Work until the evening; the lid is closed before the last events have left, and opened in the morning. */
function lid(day: SaltDay, random: Random): readonly Deed[] {
  const evening = day.start + random.between(17, 19) * hour;
  const deeds = visit(evening, random);
  const last = deeds.at(-1)?.at ?? evening;
  const morning = day.end + random.between(8.5, 9.5) * hour;
  return [
    ...deeds,
    { at: last + random.between(100, 900), do: 'close_lid' },
    { at: morning, do: 'open_lid' },
    ...visit(morning + random.between(0, 3) * second, random),
  ];
}

/** Without network over midnight; every other time the page is a new one, which finds the events in the store. */
function offline(day: SaltDay, random: Random): readonly Deed[] {
  const from = day.start + random.between(10, 20) * hour;
  const until = day.end + random.between(2, 12) * hour;
  const back: Deed = { at: until, do: 'go_online' };
  const work = visit(from + minute, random);
  return [
    { at: from, do: 'go_offline' },
    ...work,
    ...(random.next() < 0.5 ? [{ at: until - minute, do: 'new_page' } as const] : []),
    back,
    ...visit(until + second, random),
  ];
}

function twoTabs(day: SaltDay, random: Random): readonly Deed[] {
  const from = random.between(day.start + hour, day.end - hour);
  return [
    { at: from, do: 'open_second_tab' },
    ...visit(from, random),
    ...visit(from, random).map(({ at }) => ({ at, do: 'track_in_second_tab' }) as const),
    { at: from + 10 * minute, do: 'close_second_tab' },
  ];
}
