import type { SettingName } from './settings.js';

/** The environment, or as much of it as matters. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a text is one of a closed list. */
export function isOneOf<T extends string>(values: readonly T[], value: string): value is T {
  return (values as readonly string[]).includes(value);
}

/** The parts of a comma-separated list, without blanks. */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The few ways in which a setting is read; each records its own problem. */
export function createReader(env: Environment, readFile: (path: string) => string, problems: string[]) {
  const failedNames = new Set<string>();
  const fail = (name: SettingName, message: string): void => {
    failedNames.add(name);
    problems.push(`${name} ${message}`);
  };
  const text = (name: SettingName): string | null => env[name]?.trim() || null;

  const whole = (name: SettingName, fallback: number, least: number, most: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    fail(name, `must be a whole number from ${least} to ${most}`);
    return fallback;
  };

  const choice = <T extends string>(name: SettingName, values: readonly T[], fallback: T): T => {
    const value = text(name);
    if (value === null) return fallback;
    if (isOneOf(values, value)) return value;
    fail(name, `must be one of ${values.join(', ')}`);
    return fallback;
  };

  const list = (name: SettingName): string[] | null => {
    const value = text(name);
    return value === null ? null : splitList(value);
  };

  const secret = (name: SettingName): { text: string; file: string | null } | null => {
    const direct = env[name]?.trim();
    const file = env[`${name}_FILE`]?.trim();
    if (direct && file) fail(name, `and ${name}_FILE exclude each other`);
    if (direct) return { text: direct, file: null };
    if (!file) return null;
    try {
      return { text: readFile(file).trim(), file };
    } catch {
      fail(name, `cannot be read: no readable file where ${name}_FILE points`);
      return null;
    }
  };

  return { text, whole, choice, list, secret, failed: (name: string) => failedNames.has(name) };
}

export type SettingReader = ReturnType<typeof createReader>;
