import { describe, expect, it } from 'vitest';
import { type Environment, loadCommandConfig, loadConfig, settings } from '../../src/config/index.js';

const noFile = (): string => {
  throw new Error('no such file');
};
const files = (read: (path: string) => string) => ({ read, isOpenToOthers: () => false });
const load = (env: Environment, read: (path: string) => string = noFile) => loadConfig(env, files(read));
const problemsOf = (env: Environment, readFile?: (path: string) => string): readonly string[] => {
  const result = load(env, readFile);
  return result.ok ? [] : result.error;
};

const secret = '0123456789abcdef0123456789abcdef-salt';
const production: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://localhost/signals',
  SIGNALS_SALT_SECRET: secret,
  SIGNALS_JWKS_URL: 'https://issuer.example/jwks.json',
  SIGNALS_JWT_ISSUER: 'https://issuer.example/',
  SIGNALS_JWT_AUDIENCE: 'signals',
  SIGNALS_CLIENT_IP_SOURCE: 'xff',
};

describe('the configuration', () => {
  it('needs nothing at all in embedded mode', () => {
    const result = load({});
    expect(result).toMatchObject({ ok: true, value: { port: 4008, host: '127.0.0.1', databaseUrl: null } });
    expect(result).toMatchObject({ value: { clientIpSource: 'socket', retentionDays: 180, maxBatch: 200 } });
  });

  it('takes a complete production environment', () => {
    expect(problemsOf(production)).toEqual([]);
  });

  it('lists everything that production misses, at once and by name', () => {
    const problems = problemsOf({ NODE_ENV: 'production' });
    for (const name of [
      'DATABASE_URL',
      'SIGNALS_SALT_SECRET',
      'SIGNALS_JWKS_URL',
      'SIGNALS_JWT_ISSUER',
      'SIGNALS_JWT_AUDIENCE',
      'SIGNALS_CLIENT_IP_SOURCE',
    ]) {
      expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1);
    }
  });

  const wrong: readonly [string, Environment][] = [
    ['PORT', { PORT: 'hunter2' }],
    ['PORT', { PORT: '70000' }],
    ['SIGNALS_SALT_SECRET', { SIGNALS_SALT_SECRET: 'hunter2' }],
    ['SIGNALS_SALT_SECRET', { SIGNALS_SALT_SECRET: 'changeme-changeme-changeme-hunter2' }],
    ['SIGNALS_SALT_SECRET', { SIGNALS_SALT_SECRET_FILE: '/nowhere/hunter2' }],
    ['SIGNALS_JWT_CLOCK_TOLERANCE', { SIGNALS_JWT_CLOCK_TOLERANCE: '-1' }],
    ['SIGNALS_JWT_CLOCK_TOLERANCE', { SIGNALS_JWT_CLOCK_TOLERANCE: '301' }],
    ['SIGNALS_JWT_CLOCK_TOLERANCE', { SIGNALS_JWT_CLOCK_TOLERANCE: '30s' }],
    ['SIGNALS_RETENTION_DAYS', { SIGNALS_RETENTION_DAYS: '0' }],
    ['SIGNALS_RETENTION_DAYS', { SIGNALS_RETENTION_DAYS: '1' }],
    ['SIGNALS_RETENTION_DAYS', { SIGNALS_RETENTION_DAYS: '-1' }],
    ['SIGNALS_RETENTION_DAYS', { SIGNALS_RETENTION_DAYS: 'NaN' }],
    ['SIGNALS_RETENTION_DAYS', { SIGNALS_RETENTION_DAYS: '1e9' }],
    ['SIGNALS_MAX_AGE_HOURS', { SIGNALS_RETENTION_DAYS: '4' }],
    ['SIGNALS_MAX_AGE_HOURS', { SIGNALS_RETENTION_DAYS: '30', SIGNALS_MAX_AGE_HOURS: '696' }],
    ['SIGNALS_DAY_ZONE', { SIGNALS_DAY_ZONE: 'Mars/hunter2' }],
    ['SIGNALS_AUTH', { SIGNALS_AUTH: 'bearer,hunter2' }],
    ['SIGNALS_AUTH', { SIGNALS_AUTH: 'forwarded-claims' }],
    [
      'SIGNALS_AUTH',
      {
        SIGNALS_AUTH: 'forwarded-claims',
        SIGNALS_GATEWAY_HMAC_SECRETS: secret,
        SIGNALS_GATEWAY_HMAC_SCOPE: 'stock',
      },
    ],
    ['SIGNALS_GATEWAY_HMAC_SECRETS', { SIGNALS_GATEWAY_HMAC_SECRETS: `${secret},hunter2` }],
    ['SIGNALS_GATEWAY_HMAC_SECRETS', { SIGNALS_GATEWAY_HMAC_SECRETS: ',' }],
    ['SIGNALS_CLIENT_IP_SOURCE', { SIGNALS_CLIENT_IP_SOURCE: 'signed' }],
    ['SIGNALS_CLIENT_IP_SOURCE', { SIGNALS_CLIENT_IP_SOURCE: 'hunter2' }],
    ...[
      '*',
      'null',
      'hunter2',
      'https://*.hunter2.example',
      'https://hunter2.example/path',
      'https://hunter2.example?x',
      'https://hunter2.example#x',
      'https://hunter2:x@app.example.org',
      'ftp://hunter2.example',
      'capacitor://hunter2',
      'https:hunter2.example',
      'https:\\hunter2.example',
      'https://hunter2.example\r\nx-evil: 1',
      'https://hunter2.example:70000',
      'https://app.example.org https://hunter2.example',
      'https://app.example.org, hunter2.example',
    ].map((value): [string, Environment] => ['SIGNALS_CORS_ORIGINS', { SIGNALS_CORS_ORIGINS: value }]),
    ['DATABASE_URL', { DATABASE_URL: 'mysql://root:hunter2@db/x' }],
    ['REDIS_URL', { REDIS_URL: 'http://hunter2' }],
  ];
  it.each(wrong)('refuses a wrong %s by name and never shows the value (%#)', (name, env) => {
    const problems = problemsOf(env);
    expect(problems.some((problem) => problem.startsWith(name))).toBe(true);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('takes events for as long as their day is kept, and no longer', () => {
    expect(problemsOf({ SIGNALS_RETENTION_DAYS: '30', SIGNALS_MAX_AGE_HOURS: '695' })).toEqual([]);
    expect(problemsOf({ SIGNALS_RETENTION_DAYS: '2', SIGNALS_MAX_AGE_HOURS: '23' })).toEqual([]);
  });

  it('reads a secret from a file, without its last line break', () => {
    const result = load({ SIGNALS_SALT_SECRET_FILE: '/run/secrets/salt' }, () => `${secret}\n`);
    expect(result.ok && result.value.saltSecret?.reveal().toString()).toBe(secret);
    expect(result).toMatchObject({ ok: true, value: { saltSecretFile: '/run/secrets/salt' } });
  });

  it('refuses a secret that is given twice', () => {
    const env = { SIGNALS_SALT_SECRET: secret, SIGNALS_SALT_SECRET_FILE: '/run/secrets/salt' };
    expect(problemsOf(env, () => secret)).toEqual([
      'SIGNALS_SALT_SECRET and SIGNALS_SALT_SECRET_FILE exclude each other',
    ]);
  });

  it('prints no secret, whichever way it is printed', () => {
    const result = load({ ...production, SIGNALS_GATEWAY_HMAC_SECRETS: `${secret}-of-the-gateway` });
    if (!result.ok) throw new Error(result.error.join());
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(`${result.value.saltSecret}`).toBe('[secret]');
  });

  it('treats empty text as unset, but for keys: an empty one would switch protection off', () => {
    const names = settings.filter(({ refusesEmpty }) => !refusesEmpty).map(({ name }) => name);
    expect(load(Object.fromEntries(names.map((name) => [name, ''])))).toMatchObject({ ok: true });
    const keys = settings.filter(({ refusesEmpty }) => refusesEmpty).map(({ name }) => name);
    expect(keys).toEqual(['SIGNALS_SALT_SECRET', 'SIGNALS_GATEWAY_HMAC_SECRETS']);
    for (const name of keys.flatMap((key) => [key, `${key}_FILE`])) {
      for (const empty of ['', '  ', '""']) expect(problemsOf({ [name]: empty }).join()).toContain(name);
    }
  });

  it('takes a key from a file beside an empty text', () => {
    const env = { SIGNALS_SALT_SECRET: '', SIGNALS_SALT_SECRET_FILE: '/run/secrets/salt' };
    expect(load(env, () => secret)).toMatchObject({
      ok: true,
      value: { saltSecretFile: '/run/secrets/salt' },
    });
  });

  it('listens on all interfaces in production, on loopback otherwise, and always where it is told to', () => {
    expect(load(production)).toMatchObject({ ok: true, value: { host: '::' } });
    expect(load({})).toMatchObject({ ok: true, value: { host: '127.0.0.1' } });
    for (const env of [{}, production])
      expect(load({ ...env, HOST: '10.1.2.3' })).toMatchObject({ ok: true, value: { host: '10.1.2.3' } });
  });

  it('allows no origin unless told, and keeps those it is told as browsers send them', () => {
    expect(load({})).toMatchObject({ ok: true, value: { corsOrigins: [] } });
    const given = [
      'https://App.Example.org:443',
      'http://localhost:5173/',
      'http://127.0.0.1:80',
      'https://bücher.example:8443',
      'http://[::1]:3000',
    ];
    expect(load({ SIGNALS_CORS_ORIGINS: given.join(' , ') })).toMatchObject({
      ok: true,
      value: {
        corsOrigins: [
          'https://app.example.org',
          'http://localhost:5173',
          'http://127.0.0.1',
          'https://xn--bcher-kva.example:8443',
          'http://[::1]:3000',
        ],
      },
    });
  });

  it('takes several secrets of the gateway, for rotation', () => {
    const result = load({ SIGNALS_GATEWAY_HMAC_SECRETS: `${secret}, ${secret}-new` });
    expect(result.ok && result.value.gatewayHmacSecrets).toHaveLength(2);
  });
});

describe('where the events are kept', () => {
  const { DATABASE_URL: _, ...noDatabase } = production;

  it('is said on purpose in production', () => {
    expect(problemsOf(noDatabase)).toEqual([expect.stringMatching(/^DATABASE_URL is required/)]);
    expect(problemsOf({ ...noDatabase, SIGNALS_STORE: 'embedded' })).toEqual([]);
    expect(problemsOf({ ...production, SIGNALS_STORE: 'postgres' })).toEqual([]);
  });

  it.each([
    [{ SIGNALS_STORE: 'postgres' }],
    [{ ...production, SIGNALS_STORE: 'embedded' }],
    [{ SIGNALS_STORE: 'sqlite' }],
  ])('is refused where the settings contradict each other (%#)', (env) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^SIGNALS_STORE/)]);
  });

  it('is no PostgreSQL with development keys or secrets, unless it is said to be for development', () => {
    const database = { DATABASE_URL: 'postgresql://localhost/signals' };
    const keys = { SIGNALS_JWKS_FILE: '/etc/jwks.json' };
    const salt = { SIGNALS_SALT_SECRET: secret };
    expect(problemsOf(database)).toHaveLength(2);
    expect(problemsOf({ ...database, ...keys })).toEqual([expect.stringContaining('SIGNALS_SALT_SECRET')]);
    expect(problemsOf({ ...database, ...salt })).toEqual([expect.stringContaining('SIGNALS_JWKS_URL')]);
    expect(problemsOf({ ...database, ...salt, ...keys })).toEqual([]);
    expect(problemsOf({ ...database, SIGNALS_DEVELOPMENT: '1' })).toEqual([]);
    expect(problemsOf({ ...database, SIGNALS_DEVELOPMENT: '0' })).toHaveLength(2);
    expect(problemsOf({ SIGNALS_DEVELOPMENT: 'yes' })).toEqual([
      expect.stringMatching(/^SIGNALS_DEVELOPMENT/),
    ]);
  });
});

describe('the settings of a command', () => {
  const env: Environment = {
    DATABASE_URL: 'postgresql://localhost/signals',
    SIGNALS_SALT_SECRET: 'hunter2',
    SIGNALS_RETENTION_DAYS: '30',
  };

  it('are those that it reads: whatever else is wrong or missing does not matter, in production neither', () => {
    for (const more of [{}, { NODE_ENV: 'production' }]) {
      const result = loadCommandConfig('job', { ...env, ...more }, files(noFile));
      expect(result).toMatchObject({ ok: true, value: { retentionDays: 30, saltSecret: null } });
    }
  });

  it('are a database on purpose in production: another one must not be migrated or purged in its place', () => {
    for (const command of ['job', 'migrate'] as const) {
      const production = { NODE_ENV: 'production' };
      expect(loadCommandConfig(command, production, files(noFile))).toMatchObject({
        ok: false,
        error: [expect.stringMatching(/^DATABASE_URL is required/)],
      });
      const embedded = { ...production, SIGNALS_STORE: 'embedded' };
      expect(loadCommandConfig(command, embedded, files(noFile))).toMatchObject({ ok: true });
    }
  });

  it('come from files as well', () => {
    const result = loadCommandConfig(
      'migrate',
      { DATABASE_URL_FILE: '/run/secrets/database', SIGNALS_RETENTION_DAYS: '30' },
      files(() => 'postgresql://localhost/signals\n'),
    );
    expect(result.ok && result.value.databaseUrl?.reveal().toString()).toBe('postgresql://localhost/signals');
    expect(result).toMatchObject({ value: { retentionDays: 180 } });
  });

  it('are not taken from a misspelt name: a purge by the default would delete what was to be kept', () => {
    const result = loadCommandConfig('job', { ...env, SIGNALS_RETENTION_DAY: '3000' }, files(noFile));
    expect(result).toMatchObject({ ok: false, error: [expect.stringContaining('SIGNALS_RETENTION_DAYS')] });
  });
});
