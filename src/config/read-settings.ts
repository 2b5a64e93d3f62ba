import {
  type KnownSetting,
  type Setting,
  type SettingName,
  type SettingValues,
  settingsByKey,
} from './settings.js';

/** The environment, or as much of it as matters. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Answers the text of a file; throws where it cannot be read. */
export type ReadFile = (path: string) => string;

/** What the environment says, setting by setting. */
export interface ReadSettings {
  readonly values: SettingValues;
  /** The settings that are given, rightly or wrongly. */
  readonly given: ReadonlySet<SettingName>;
  /** The files that secrets were read from. */
  readonly files: ReadonlyMap<SettingName, string>;
  /** By name and never by value. */
  readonly problems: readonly string[];
}

/** Reads every setting of the table. Empty text means that a setting is not given. */
export function readSettings(env: Environment, readFile: ReadFile): ReadSettings {
  const values: Record<string, unknown> = {};
  const given = new Set<SettingName>();
  const files = new Map<SettingName, string>();
  const problems: string[] = [];
  for (const [key, setting] of Object.entries<KnownSetting>(settingsByKey)) {
    const source = sourceOf(setting, env, readFile);
    const parsed = setting.parse(source.text);
    values[key] = parsed.value;
    if (source.given) given.add(setting.name);
    if (source.file !== null) files.set(setting.name, source.file);
    for (const problem of [...source.problems, ...parsed.problems])
      problems.push(`${setting.name} ${problem}`);
  }
  // The loop went over the table from which this type is made.
  return { values: values as SettingValues, given, files, problems };
}

interface Source {
  readonly given: boolean;
  readonly text: string | null;
  /** Where the text was read, if not in the environment itself. */
  readonly file: string | null;
  readonly problems: readonly string[];
}

/** The text of a setting: from the environment, or for a secret from the file that `NAME_FILE` names. */
function sourceOf({ name, secret }: Setting, env: Environment, readFile: ReadFile): Source {
  const text = env[name]?.trim() || null;
  const path = (secret && env[`${name}_FILE`]?.trim()) || null;
  if (path === null) return { given: text !== null, text, file: null, problems: [] };
  if (text !== null)
    return { given: true, text, file: null, problems: [`and ${name}_FILE exclude each other`] };
  try {
    return { given: true, text: readFile(path).trim(), file: path, problems: [] };
  } catch {
    const problem = `cannot be read: no readable file where ${name}_FILE points`;
    return { given: true, text: null, file: null, problems: [problem] };
  }
}
