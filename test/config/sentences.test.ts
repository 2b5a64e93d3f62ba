import { expect, it } from 'vitest';
import { type Environment, loadCommandConfig, loadConfig } from '../../src/config/index.js';

const good = '0123456789abcdef0123456789abcdef-salt';
const other = '0123456789abcdef0123456789abcdef-gateway';
const production: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://signals:hunter2@db/signals',
  SIGNALS_SALT_SECRET: good,
  SIGNALS_JWKS_URL: 'https://issuer.example/jwks.json',
  SIGNALS_JWT_ISSUER: 'https://issuer.example/',
  SIGNALS_JWT_AUDIENCE: 'signals',
  SIGNALS_CLIENT_IP_SOURCE: 'xff',
};
const without = (...names: readonly string[]): Environment =>
  Object.fromEntries(Object.entries(production).filter(([name]) => !names.includes(name)));

/** The files of these tests: what the name says. */
const disk: Readonly<Record<string, string>> = {
  '/run/empty': '',
  '/run/short': 'hunter2',
  '/run/good': `${good}\n`,
  '/run/open': `${good}\n`,
};
const files = {
  read(path: string): string {
    const text = disk[path];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  },
  isOpenToOthers: (path: string) => path === '/run/open',
};

const cases: readonly (readonly [what: string, env: Environment])[] = [
  ['nothing at all', {}],
  ['a complete production', production],
  ['production with nothing', { NODE_ENV: 'production' }],
  ['production without a database', without('DATABASE_URL')],
  [
    'production that keeps its events in a folder on purpose',
    { ...without('DATABASE_URL'), SIGNALS_STORE: 'embedded' },
  ],
  ['production with SIGNALS_DEVELOPMENT', { ...production, SIGNALS_DEVELOPMENT: '1' }],
  ['production that is misspelt', { ...production, NODE_ENV: 'Production' }],
  ['production in quotes', { ...production, NODE_ENV: '"production"' }],
  ['production that is shortened', { ...production, NODE_ENV: 'prod' }],
  ['PostgreSQL with development keys', { DATABASE_URL: 'postgresql://hunter2@db/signals' }],
  [
    'PostgreSQL with development keys, on purpose',
    { DATABASE_URL: 'postgresql://db/signals', SIGNALS_DEVELOPMENT: '1' },
  ],
  ['development that is something else', { SIGNALS_DEVELOPMENT: 'hunter2' }],
  ['postgres without a database', { SIGNALS_STORE: 'postgres' }],
  ['embedded with a database', { ...production, SIGNALS_STORE: 'embedded' }],
  ['a store that there is not', { SIGNALS_STORE: 'hunter2' }],
  ['a database of another kind', { ...production, DATABASE_URL: 'mysql://hunter2@db/x' }],
  ['an empty salt secret', { SIGNALS_SALT_SECRET: '' }],
  ['a short salt secret', { SIGNALS_SALT_SECRET: 'hunter2' }],
  ['a salt secret of one character', { SIGNALS_SALT_SECRET: 'x'.repeat(40) }],
  ['a salt secret of one word', { SIGNALS_SALT_SECRET: 'hunter2'.repeat(6) }],
  ['a salt secret of a few characters', { SIGNALS_SALT_SECRET: `${'x'.repeat(31)}yz` }],
  ['a salt secret from an example', { SIGNALS_SALT_SECRET: 'change-me-change-me-change-me-hunter2' }],
  ['a salt secret in quotes', { SIGNALS_SALT_SECRET: `"${good}"` }],
  ['a salt secret twice', { SIGNALS_SALT_SECRET: good, SIGNALS_SALT_SECRET_FILE: '/run/good' }],
  ['no file for the salt secret', { SIGNALS_SALT_SECRET_FILE: '' }],
  ['a file that is not there', { SIGNALS_SALT_SECRET_FILE: '/run/nowhere/hunter2' }],
  ['an empty file', { SIGNALS_SALT_SECRET_FILE: '/run/empty' }],
  ['a file with a short secret', { SIGNALS_SALT_SECRET_FILE: '/run/short' }],
  ['a file that others can read', { SIGNALS_SALT_SECRET_FILE: '/run/open' }],
  ['a path in quotes', { SIGNALS_SALT_SECRET_FILE: "'/run/good'" }],
  ['an empty gateway secret', { SIGNALS_GATEWAY_HMAC_SECRETS: '' }],
  ['a list of no gateway secrets', { SIGNALS_GATEWAY_HMAC_SECRETS: ' , ' }],
  ['a second gateway secret that is short', { SIGNALS_GATEWAY_HMAC_SECRETS: `${other},hunter2` }],
  [
    'one secret for two purposes',
    { SIGNALS_SALT_SECRET: good, SIGNALS_GATEWAY_HMAC_SECRETS: `${other}, ${good}` },
  ],
  ['a minimum of no visitor', { SIGNALS_MIN_GROUP: '0' }],
  ['a minimum that is no number', { SIGNALS_MIN_GROUP: 'hunter2' }],
  ['a misspelt setting', { SIGNALS_RETENTION_DAY: '30' }],
  ['a misspelt setting for a file', { SIGNALS_SALT_SECRET_FLIE: '/run/good' }],
  ['a name that is no setting', { SIGNALS_COLOUR: 'hunter2' }],
  ['a file for a setting that is no secret', { SIGNALS_JWT_ISSUER_FILE: '/run/good' }],
  [
    'names that platforms inject',
    {
      SIGNALS_SERVICE_HOST: '10.0.0.1',
      SIGNALS_PORT_4008_TCP: 'tcp://10.0.0.1:4008',
      SIGNALS_TOKEN: 'hunter2',
    },
  ],
  ['a port that is no number', { PORT: 'hunter2' }],
  ['a number in quotes', { PORT: '"4008"' }],
  ['a number that is out of bounds', { SIGNALS_RETENTION_DAYS: '0' }],
  ['numbers that do not fit together', { SIGNALS_RETENTION_DAYS: '3', SIGNALS_MAX_AGE_HOURS: '72' }],
  ['a word that there is not', { SIGNALS_VISITOR_IDENTITY: 'hunter2' }],
  ['a word of a list that there is not', { SIGNALS_AUTH: 'bearer,hunter2' }],
  ['a switch that is neither on nor off', { SIGNALS_INTROSPECTION: 'hunter2' }],
  ['a list of nothing', { SIGNALS_JWT_AUDIENCE: ',' }],
  ['a time zone that there is not', { SIGNALS_DAY_ZONE: 'Mars/hunter2' }],
  ['an origin that is none', { SIGNALS_CORS_ORIGINS: '*' }],
  ['a Redis that is none', { REDIS_URL: 'http://hunter2' }],
  [
    'keys from two places',
    { SIGNALS_JWKS_URL: 'https://issuer.example/jwks', SIGNALS_JWKS_FILE: '/etc/jwks.json' },
  ],
  ['claims that nothing protects', { SIGNALS_AUTH: 'forwarded-claims' }],
  [
    'the stock signature with claims alone',
    {
      SIGNALS_AUTH: 'forwarded-claims',
      SIGNALS_GATEWAY_HMAC_SECRETS: other,
      SIGNALS_GATEWAY_HMAC_SCOPE: 'stock',
    },
  ],
  ['an address that nobody signs', { SIGNALS_CLIENT_IP_SOURCE: 'signed' }],
  [
    'several mistakes at once',
    {
      ...without('DATABASE_URL', 'SIGNALS_JWT_ISSUER'),
      PORT: 'hunter2',
      SIGNALS_SALT_SECRET: 'hunter2',
      SIGNALS_MAX_BATCHES: '1',
      SIGNALS_COLOUR: 'blue',
    },
  ],
];

const commandCases: readonly (readonly [what: string, env: Environment])[] = [
  ['production without a database', { NODE_ENV: 'production' }],
  ['a database, and nothing else', { NODE_ENV: 'production', DATABASE_URL: 'postgresql://db/signals' }],
  ['a misspelt setting', { DATABASE_URL: 'postgresql://db/signals', SIGNALS_STOR: 'postgres' }],
];

function page(title: string, rows: typeof cases, load: typeof loadConfig): string {
  const texts = rows.map(([what, env]) => {
    const result = load(env, files);
    const lines = [
      ...(result.ok ? [] : result.error.map((problem) => `  refused: ${problem}`)),
      ...result.warnings.map((warning) => `  warning: ${warning}`),
    ];
    return `${what}\n${(lines.length > 0 ? lines : ['  fine']).join('\n')}\n`;
  });
  return `== ${title}\n\n${texts.join('\n')}`;
}

it('every refusal and every warning has its sentence, which holds no value', async () => {
  const text = [
    page('the service', cases, loadConfig),
    page('signals migrate', commandCases, (env, disk) => loadCommandConfig('migrate', env, disk)),
  ].join('\n');
  for (const value of ['hunter2', good, other, '/run/', 'blue', 'mysql', 'issuer.example'])
    expect(text).not.toContain(value);
  await expect(text).toMatchFileSnapshot('../golden/settings-sentences.txt');
});
