import type { Config } from './config.js';

/** Settings that do no harm and do not do what their name promises: what is said, and when. */
const rules: readonly (readonly [warning: string, applies: (config: Config) => boolean])[] = [
  [
    'SIGNALS_DEVELOPMENT is ignored in production: there are no development keys',
    ({ production, development }) => production && development,
  ],
];

/** Every such warning that applies. */
export function configWarnings(config: Config): readonly string[] {
  return rules.filter(([, applies]) => applies(config)).map(([warning]) => warning);
}
