import type { JsonPath } from '../../catalogue/problems.js';
import { createPropertyChecks } from '../../catalogue/property-checks.js';
import type { JsonObject, JsonValue } from '../../contract/index.js';
import { type Bound, boundsOf, isAbove, isBelow } from './bounds.js';
import type { ChangeKind, ChangeLevel } from './change.js';

/** Two schemas of one place, of the same type or of one that is wider. */
export interface Leaf {
  readonly old: JsonObject;
  readonly next: JsonObject;
  readonly path: JsonPath;
  readonly report: (level: ChangeLevel, kind: ChangeKind, path: JsonPath, message: string) => void;
}

/** What has changed about the texts, numbers and booleans that are taken. */
export function diffLeaf(leaf: Leaf): void {
  const { old, next, path, report } = leaf;
  const [was, is] = [choicesOf(old), choicesOf(next)];
  if (was !== null && is !== null) diffChoices(was, is, leaf);
  else if (was !== null) liftChoices(was, leaf);
  else if (is !== null) {
    const message = `any was taken, now only ${printed(is)}: others are refused`;
    report('incompatible', 'value_removed', pathOfChoices(next, path), message);
  } else {
    diffBounds(leaf);
    diffPattern(leaf);
    diffStep(leaf);
  }
}

/** What has changed about lengths, numbers of entries and ranges. */
export function diffBounds({ old, next, path, report }: Leaf): void {
  const [was, is] = [boundsOf(old), boundsOf(next)];
  if (was === null || is === null) return;
  const tell = (before: Bound, after: Bound, isTighter: typeof isAbove, sign: string, refused: string) => {
    const message = `${is.what} was ${printBound(before, sign)}, is ${printBound(after, sign)}`;
    const at = [...path, after.key];
    if (isTighter(after, before)) report('incompatible', 'range_narrowed', at, `${message}: ${refused}`);
    else if (isTighter(before, after)) report('compatible', 'range_widened', at, message);
  };
  tell(was.lower, is.lower, isAbove, '≥', 'less is refused');
  tell(was.upper, is.upper, isBelow, '≤', 'more is refused');
}

function printBound({ value, isOpen }: Bound, sign: string): string {
  if (!Number.isFinite(value)) return 'not bounded';
  return `${isOpen ? (sign === '≥' ? '>' : '<') : sign} ${value}`;
}

function diffChoices(
  was: readonly JsonValue[],
  is: readonly JsonValue[],
  { next, path, report }: Leaf,
): void {
  const lost = was.filter((value) => !is.includes(value));
  const won = is.filter((value) => !was.includes(value));
  const at = pathOfChoices(next, path);
  if (lost.length > 0) {
    report('incompatible', 'value_removed', at, `no longer takes ${printed(lost)}: such events are refused`);
  }
  if (won.length > 0) report('compatible', 'value_added', at, `takes ${printed(won)}, too`);
}

/** From a list of values to all that fit `next`. */
function liftChoices(was: readonly JsonValue[], { next, path, report }: Leaf): void {
  const checks = createPropertyChecks();
  const lost = was.filter((value) => !checks.accepts(next, value));
  if (lost.length > 0) {
    report(
      'incompatible',
      'value_removed',
      path,
      `no longer takes ${printed(lost)}: such events are refused`,
    );
  }
  report('compatible', 'value_added', path, `took ${printed(was)} only, now takes others, too`);
}

function choicesOf(schema: JsonObject): readonly JsonValue[] | null {
  if (Array.isArray(schema.enum)) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  return schema.type === 'boolean' ? [false, true] : null;
}

function pathOfChoices(schema: JsonObject, path: JsonPath): JsonPath {
  if (schema.enum !== undefined) return [...path, 'enum'];
  return schema.const === undefined ? path : [...path, 'const'];
}

function printed(values: readonly JsonValue[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function diffPattern({ old, next, path, report }: Leaf): void {
  if (old.pattern === next.pattern) return;
  if (next.pattern === undefined) {
    report('compatible', 'pattern', path, `the pattern ${old.pattern} was removed`);
    return;
  }
  const before = old.pattern === undefined ? 'there was no pattern' : `the pattern was ${old.pattern}`;
  const message = `${before}, is ${next.pattern}: text that does not match is refused`;
  report('incompatible', 'pattern', [...path, 'pattern'], message);
}

function diffStep({ old, next, path, report }: Leaf): void {
  const [was, is] = [stepOf(old), stepOf(next)];
  if (was === is) return;
  const message = `numbers were ${printStep(was)}, are ${printStep(is)}`;
  const at = next.multipleOf === undefined ? path : [...path, 'multipleOf'];
  // Nine places, as where values are checked.
  const isWider = is === null || (was !== null && Math.abs(was / is - Math.round(was / is)) < 1e-9);
  if (isWider) report('compatible', 'range_widened', at, message);
  else report('incompatible', 'range_narrowed', at, `${message}: others are refused`);
}

function stepOf(schema: JsonObject): number | null {
  if (schema.multipleOf !== undefined) return Number(schema.multipleOf);
  return schema.type === 'integer' ? 1 : null;
}

function printStep(step: number | null): string {
  return step === null ? 'any' : `multiples of ${step}`;
}
