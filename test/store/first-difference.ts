/** Where two answers differ first, as a path with both values; null where they are equal. Maps are read by key. */
export function firstDifference(found: unknown, expected: unknown, path = 'the answer'): string | null {
  if (Object.is(found, expected)) return null;
  if (!isTree(found) || !isTree(expected)) return `${path} is ${show(found)} instead of ${show(expected)}`;
  const [one, other] = [branchesOf(found), branchesOf(expected)];
  for (const name of new Set([...other.keys(), ...one.keys()])) {
    const difference = firstDifference(one.get(name), other.get(name), `${path}.${name}`);
    if (difference) return difference;
  }
  return one.size === other.size ? null : `${path} has ${one.size} parts instead of ${other.size}`;
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function branchesOf(tree: object): ReadonlyMap<string, unknown> {
  return tree instanceof Map ? tree : new Map(Object.entries(tree));
}

function show(value: unknown): string {
  const text = value instanceof Map ? JSON.stringify([...value]) : JSON.stringify(value);
  return text ?? String(value);
}
