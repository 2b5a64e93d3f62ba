import { editDistance } from './edit-distance.js';
import type { Findings } from './findings.js';
import { settings } from './settings.js';

const prefix = 'SIGNALS_';
/** A name that differs from a setting's by no more letters than this is a misspelt setting. */
const misspelt = 2;

/**
 * Names of ours that are no settings. Kubernetes puts the address of a service called `signals` into the environment
 * of every pod; the rest is what our own tests, tools and scripts read.
 */
const ignored = [
  /^SIGNALS_SERVICE_HOST$/,
  /^SIGNALS_SERVICE_PORT/,
  /^SIGNALS_PORT/,
  /^SIGNALS_TEST_/,
  /^SIGNALS_TOKEN$/,
  /^SIGNALS_ADMIN_TOKEN$/,
  /^SIGNALS_NO_BUILD$/,
];

const known = settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));

/**
 * Judges the names in the environment that begin with SIGNALS_ and are no settings. A misspelt setting is a problem,
 * because its value would be lost without a word; any other name is one warning.
 */
export function judgeNames(names: readonly string[]): Findings {
  const unknown = names
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .filter((name) => !ignored.some((pattern) => pattern.test(name)))
    .sort();
  const meant = unknown.map((name) => [name, nearest(name)] as const);
  return {
    problems: meant.flatMap(([name, setting]) =>
      setting === null ? [] : [`${name} is not a setting; the setting is called ${setting}`],
    ),
    warnings: meant.flatMap(([name, setting]) => (setting === null ? [warningOf(name)] : [])),
  };
}

/** The setting that was probably meant, or null. */
function nearest(name: string): string | null {
  const [first] = known
    .map((setting) => ({ setting, distance: editDistance(name, setting) }))
    .filter(({ distance }) => distance <= misspelt)
    .sort((one, other) => one.distance - other.distance);
  return first?.setting ?? null;
}

function warningOf(name: string): string {
  const isFileOf = settings.find((setting) => `${setting.name}_FILE` === name);
  return isFileOf === undefined
    ? `${name} is not a setting and is ignored`
    : `${name} is ignored: only secrets are read from files, and ${isFileOf.name} is not one`;
}
