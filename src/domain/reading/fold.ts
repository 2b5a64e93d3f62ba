/** A value of a group, such as one route of an app, as it stands in the counts of a day. */
export interface CountedValue {
  /** Null stands for events without a word. */
  readonly name: readonly (string | null)[];
  readonly visitors: number;
  readonly events: number;
  /** It stands for words beyond the day's top, which have no names already. */
  readonly folded: boolean;
}

/** The values of one group, told apart by whether they keep their names. */
export interface Fold<Value extends CountedValue> {
  /** The smallest first. */
  readonly named: readonly Value[];
  /** What becomes one row without a name. */
  readonly other: readonly Value[];
}

/** Values of fewer than `minGroup` visitors lose their names. */
export function foldSmall<Value extends CountedValue>(
  values: readonly Value[],
  minGroup: number,
): Fold<Value> {
  const keepsName = ({ folded, visitors }: Value): boolean => !folded && visitors >= minGroup;
  return {
    named: values.filter(keepsName).sort(bySize),
    other: values.filter((value) => !keepsName(value)),
  };
}

/**
 * The smallest value that has a name loses it too. For an OTHER of few visitors tells as much of them as a name
 * would: one more value hides them, because it has visitors enough by itself.
 */
export function foldOneMore<Value extends CountedValue>({ named, other }: Fold<Value>): Fold<Value> {
  return { named: named.slice(1), other: [...other, ...named.slice(0, 1)] };
}

/** By visitors, then events, then name: bytewise in UTF-8, null last. */
function bySize(a: CountedValue, b: CountedValue): number {
  return a.visitors - b.visitors || a.events - b.events || compareNames(a.name, b.name);
}

function compareNames(a: CountedValue['name'], b: CountedValue['name']): number {
  return a.map((part, place) => compareParts(part, b[place] ?? null)).find((order) => order !== 0) ?? 0;
}

function compareParts(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
