import type { Result } from '../contract/index.js';
import { type PatternNode, parsePattern } from './pattern-parse.js';

/** A compiled pattern. `test` takes time in proportion to the text, whatever the pattern and the text. */
export interface Pattern {
  test(text: string): boolean;
  /** As Ajv wants it: different for different patterns. */
  toString(): string;
}

/** Most steps of a compiled pattern: bounds the work per code point. A class repeated {0,63} takes 126. */
export const maxPatternSteps = 2_000;

type Step =
  | { readonly kind: 'take'; readonly matches: (codePoint: number) => boolean }
  | { readonly kind: 'goto'; readonly targets: number[] };

/**
 * Compiles a pattern to Thompson's simulation of a non-deterministic automaton (R. Cox, “Regular Expression
 * Matching: the Virtual Machine Approach”, 2009), because a backtracking engine can be made to hang by one
 * text where the pattern is ambiguous, and whether it is cannot be seen by looking. Answers what JavaScript
 * would (flag `u`), or in words why it cannot be matched so; never takes more than `maxPatternSteps` steps per code point.
 */
export function compilePattern(source: string): Result<Pattern, string> {
  const parsed = parsePattern(source);
  if (!parsed.ok) return parsed;
  if (size(parsed.value) > maxPatternSteps) {
    return {
      ok: false,
      error: `is too large: repeats multiply to more than ${maxPatternSteps} steps; use + or * with maxLength`,
    };
  }
  const program: Step[] = [];
  emit(parsed.value, program);
  return { ok: true, value: { test: (text) => run(program, text), toString: () => `/${source}/u` } };
}

function size(node: PatternNode): number {
  if (node.kind === 'atom') return 1;
  if (node.kind === 'sequence') return node.items.reduce((sum, item) => sum + size(item), 0);
  if (node.kind === 'choice') return node.options.reduce((sum, option) => sum + size(option) + 1, 1);
  const once = size(node.item);
  // Math.max: even an empty item repeated a billion times must count.
  const optional = node.max === Number.POSITIVE_INFINITY ? once + 2 : (node.max - node.min) * (once + 1);
  return node.min * Math.max(once, 1) + optional;
}

function emit(node: PatternNode, program: Step[]): void {
  if (node.kind === 'atom') program.push({ kind: 'take', matches: node.matches });
  else if (node.kind === 'sequence') for (const item of node.items) emit(item, program);
  else if (node.kind === 'choice') emitChoice(node.options, program);
  else emitRepeat(node, program);
}

function emitChoice(options: readonly PatternNode[], program: Step[]): void {
  const starts: number[] = [];
  const ends: number[][] = [];
  program.push({ kind: 'goto', targets: starts });
  for (const option of options) {
    starts.push(program.length);
    emit(option, program);
    const end: number[] = [];
    ends.push(end);
    program.push({ kind: 'goto', targets: end });
  }
  for (const end of ends) end.push(program.length);
}

function emitRepeat(node: Extract<PatternNode, { kind: 'repeat' }>, program: Step[]): void {
  for (let times = 0; times < node.min; times += 1) emit(node.item, program);
  if (node.max === Number.POSITIVE_INFINITY) {
    const start = program.length;
    const targets = [start + 1];
    program.push({ kind: 'goto', targets });
    emit(node.item, program);
    program.push({ kind: 'goto', targets: [start] });
    targets.push(program.length);
    return;
  }
  const exits: number[][] = [];
  for (let times = node.min; times < node.max; times += 1) {
    const targets = [program.length + 1];
    exits.push(targets);
    program.push({ kind: 'goto', targets });
    emit(node.item, program);
  }
  for (const targets of exits) targets.push(program.length);
}

function run(program: readonly Step[], text: string): boolean {
  let active = follow(program, [0]);
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const next: number[] = [];
    for (const at of active) {
      const step = program[at];
      if (step?.kind === 'take' && step.matches(codePoint)) next.push(at + 1);
    }
    if (next.length === 0) return false;
    active = follow(program, next);
  }
  return active.has(program.length);
}

/** Every step that can be reached without taking a code point; a set, so that empty loops come to an end. */
function follow(program: readonly Step[], from: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const step = program[at];
    if (step?.kind === 'goto') open.push(...step.targets);
  }
  return reached;
}
