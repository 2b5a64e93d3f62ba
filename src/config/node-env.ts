import { editDistance } from './edit-distance.js';
import type { Environment } from './read-settings.js';

/** `NODE_ENV=production`: nothing has a development default. */
export function isProduction(env: Environment): boolean {
  return env.NODE_ENV?.trim() === 'production';
}

/** A misspelt `production` would start with development keys, so it does not start at all. */
export function nodeEnvProblems(env: Environment): readonly string[] {
  const given = (env.NODE_ENV ?? '').trim().toLowerCase();
  const bare = given.replace(/^(["'])(.*)\1$/, '$2').trim();
  const meant = bare === 'prod' || editDistance(bare, 'production') <= 2;
  return meant && !isProduction(env)
    ? ['NODE_ENV is almost production: write production, in small letters and without quotes']
    : [];
}
