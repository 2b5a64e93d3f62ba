import { describe, expect, it } from 'vitest';
import { type Environment, environmentOf, loadConfig, settings } from '../../src/config/index.js';

const noFile = (): string => {
  throw new Error('no such file');
};
const load = (env: Environment, readFile: (path: string) => string = noFile) => loadConfig(env, readFile);
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
    const result = load({ ...production, SIGNALS_GATEWAY_HMAC_SECRETS: secret });
    if (!result.ok) throw new Error(result.error.join());
    expect(JSON.stringify(result.value)).not.toContain(secret);
    expect(`${result.value.saltSecret}`).toBe('[secret]');
  });

  it('treats empty text as unset', () => {
    expect(load(Object.fromEntries(settings.map(({ name }) => [name, ''])))).toMatchObject({ ok: true });
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

describe('the environment of a command', () => {
  const env: Environment = {
    ...production,
    SIGNALS_SALT_SECRET: 'hunter2',
    SIGNALS_RETENTION_DAYS: '30',
    DATABASE_URL_FILE: '/run/secrets/database',
  };

  it('holds what a job reads, secrets also by their files, and nothing of production', () => {
    expect(environmentOf('job', env)).toMatchObject({
      DATABASE_URL: 'postgresql://localhost/signals',
      DATABASE_URL_FILE: '/run/secrets/database',
      SIGNALS_RETENTION_DAYS: '30',
    });
    expect(Object.keys(environmentOf('job', env))).not.toContain('NODE_ENV');
    expect(problemsOf({ ...environmentOf('job', env), DATABASE_URL_FILE: '' })).toEqual([]);
  });

  it('holds the database alone for a migration', () => {
    expect(Object.keys(environmentOf('migrate', env))).toEqual([
      'DATABASE_URL',
      'DATABASE_URL_FILE',
      'SIGNALS_DATA_DIR',
    ]);
  });
});
