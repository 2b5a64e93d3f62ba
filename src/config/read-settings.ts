import type { Findings } from './findings.js';
import type { SettingFiles } from './setting-files.js';
import {
  type KnownSetting,
  type Setting,
  type SettingName,
  type SettingValues,
  settingsByKey,
} from './settings.js';

/** The environment, or as much of it as matters. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says, setting by setting. */
export interface ReadSettings extends Findings {
  readonly values: SettingValues;
  /** The settings that are given, rightly or wrongly. */
  readonly given: ReadonlySet<SettingName>;
  /** The files that secrets were read from. */
  readonly paths: ReadonlyMap<SettingName, string>;
}

/**
 * Reads those settings of the table that `reads` names; the others are as if they were not given. Empty text means
 * that a setting is not given, but for keys: there it is an error.
 */
export function readSettings(
  env: Environment,
  files: SettingFiles,
  reads: ReadonlySet<SettingName>,
): ReadSettings {
  const values: Record<string, unknown> = {};
  const given = new Set<SettingName>();
  const paths = new Map<SettingName, string>();
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const [key, setting] of Object.entries<KnownSetting>(settingsByKey)) {
    const source = reads.has(setting.name) ? sourceOf(setting, env, files) : absent;
    const parsed = setting.parse(source.text);
    values[key] = parsed.value;
    if (source.given) given.add(setting.name);
    if (source.path !== null) paths.set(setting.name, source.path);
    problems.push(...source.problems, ...parsed.problems.map((problem) => `${setting.name} ${problem}`));
    warnings.push(...source.warnings);
  }
  // The loop went over the table from which this type is made.
  return { values: values as SettingValues, given, paths, problems, warnings };
}

interface Source extends Findings {
  readonly given: boolean;
  readonly text: string | null;
  /** Where the text was read, if not in the environment itself. */
  readonly path: string | null;
}

const absent: Source = { given: false, text: null, path: null, problems: [], warnings: [] };

/** The text of a setting: from the environment, or for a secret from the file that `NAME_FILE` names. */
function sourceOf(setting: Setting, env: Environment, files: SettingFiles): Source {
  const inline = valueIn(env, setting.name);
  const path = setting.secret ? valueIn(env, `${setting.name}_FILE`) : absentValue;
  const source = choose(setting, inline.text, path.text, files);
  return { ...source, problems: [...inline.problems, ...path.problems, ...source.problems] };
}

/** `inline` and `path` are null where the name does not stand in the environment. */
function choose(setting: Setting, inline: string | null, path: string | null, files: SettingFiles): Source {
  const { name, refusesEmpty } = setting;
  if (inline && path) {
    return {
      ...absent,
      given: true,
      text: inline,
      problems: [`${name} and ${name}_FILE exclude each other`],
    };
  }
  if (path) return readSecret(setting, path, files);
  if (inline) return { ...absent, given: true, text: inline };
  if (refusesEmpty && inline === '') return { ...absent, given: true, text: '' };
  if (refusesEmpty && path === '')
    return {
      ...absent,
      given: true,
      problems: [`${name}_FILE is empty: it must name a file, or be left out`],
    };
  return absent;
}

function readSecret({ name }: Setting, path: string, files: SettingFiles): Source {
  try {
    const text = files.read(path).trim();
    const warnings = files.isOpenToOthers(path)
      ? [`the file that ${name}_FILE names can be read or written by other users: chmod 600`]
      : [];
    return { given: true, text, path, problems: [], warnings };
  } catch {
    const problem = `${name} cannot be read: no readable file where ${name}_FILE points`;
    return { ...absent, given: true, problems: [problem] };
  }
}

interface Value {
  /** Without blanks around it; null where there is none at all. */
  readonly text: string | null;
  readonly problems: readonly string[];
}

const absentValue: Value = { text: null, problems: [] };

/** A value as it stands in the environment; quotes around it are a problem, and the rest is judged without them. */
function valueIn(env: Environment, name: string): Value {
  const text = env[name]?.trim() ?? null;
  const [, , quoted] = /^(["'`])(.*)\1$/s.exec(text ?? '') ?? [];
  if (quoted === undefined) return { text, problems: [] };
  const problem = `${name} has quotes around its value, which would be part of it; leave them out`;
  return { text: quoted.trim(), problems: [problem] };
}
