import type { Result } from '../../contract/index.js';
import { type BadArgument, bad } from './bad-argument.js';
import type { DeclaredProperties } from './declared-property.js';
import type { GroupKey } from './plan.js';
import type { GroupInput } from './question.js';

const maxKeys = 3;

/** What rows are told apart by: at most three keys, each once. */
export function readGroupBy(
  inputs: readonly GroupInput[],
  declared: DeclaredProperties,
): Result<readonly GroupKey[], BadArgument> {
  if (inputs.length > maxKeys) return bad('input.groupBy', `lists more than ${maxKeys} keys`);
  const keys: GroupKey[] = [];
  for (const [index, input] of inputs.entries()) {
    const name = `input.groupBy[${index}]`;
    const key = readKey(input, name, declared);
    if (!key.ok) return key;
    if (keys.some((other) => isSame(other, key.value))) return bad(name, 'is the same as one before');
    keys.push(key.value);
  }
  return { ok: true, value: keys };
}

function readKey(
  { dimension, property }: GroupInput,
  name: string,
  declared: DeclaredProperties,
): Result<GroupKey, BadArgument> {
  if (dimension != null && property != null) return bad(name, 'has both a dimension and a property');
  if (dimension != null) return { ok: true, value: { dimension } };
  if (property == null) return bad(name, 'has neither a dimension nor a property');
  const type = declared(property);
  return type.ok ? { ok: true, value: { property } } : bad(`${name}.property`, type.error);
}

function isSame(one: GroupKey, other: GroupKey): boolean {
  if ('dimension' in one) return 'dimension' in other && one.dimension === other.dimension;
  return 'property' in other && one.property === other.property;
}
