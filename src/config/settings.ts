import { defaultClockToleranceSeconds, maxClockToleranceSeconds } from '../auth/clock-tolerance.js';
import { gatewayScopes } from '../auth/gateway-scope.js';
import { identityModes } from '../auth/identity-mode.js';
import { limits } from '../contract/index.js';
import { visitorIdentities } from '../domain/ingest/visitor-identity.js';
import { addressSources } from '../http/address-source.js';
import {
  choice,
  choices,
  connection,
  type Kind,
  list,
  onOff,
  optionalChoice,
  optionalList,
  optionalText,
  origins,
  secret,
  secrets,
  text,
  timeZone,
  whole,
  yes,
} from './kinds.js';

/** A row of the table: what docs/operations.md prints, and how the text is read. */
export interface Setting extends Kind<unknown> {
  /** As it stands in the environment. */
  readonly name: string;
  readonly meaning: string;
  /** May also be given as `NAME_FILE`. */
  readonly secret?: true;
}

/** Every setting, by its name in `Config`. `Config` follows from this table, and so do the docs. */
export const settingsByKey = {
  port: {
    name: 'PORT',
    meaning: 'Port to listen on.',
    ...whole(4008, 0, 65_535),
  },
  host: {
    name: 'HOST',
    meaning: 'Address to listen on. All interfaces are `::`, or `0.0.0.0` where the system has no IPv6.',
    ...optionalText('127.0.0.1; all interfaces in production'),
  },
  corsOrigins: {
    name: 'SIGNALS_CORS_ORIGINS',
    meaning:
      'Origins whose pages may post to `/v1/events`, comma-separated: `https://app.example.org`, with a port where it is not the default. No `*`: it would let any page that somebody opens ask a service which only their network can reach.',
    ...origins('none: closed'),
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    meaning:
      'PostgreSQL 14 or newer. Without it, PGlite in `SIGNALS_DATA_DIR`. Required in production unless `SIGNALS_STORE` is `embedded`.',
    secret: true,
    ...connection(['postgres://', 'postgresql://'], 'must begin with postgresql://', 'none: PGlite'),
  },
  store: {
    name: 'SIGNALS_STORE',
    meaning: '`postgres` or `embedded`, to say it on purpose; what contradicts `DATABASE_URL` is refused.',
    ...optionalChoice(['postgres', 'embedded'], 'by `DATABASE_URL`'),
  },
  development: {
    name: 'SIGNALS_DEVELOPMENT',
    meaning:
      '`1` allows the development key and the development secret in `SIGNALS_DATA_DIR` together with a `DATABASE_URL`. Without effect in production.',
    ...yes(),
  },
  dataDir: {
    name: 'SIGNALS_DATA_DIR',
    meaning: 'Folder of the embedded database and the development secrets.',
    ...text('.data'),
  },
  poolMax: {
    name: 'SIGNALS_POOL_MAX',
    meaning:
      'Most connections to PostgreSQL. One is for writing (two from 6 on), one for readiness (from 3 on), one for jobs (from 4 on), the rest for reading. One more is open while a job or a migration runs.',
    ...whole(10, 2, 200),
  },
  saltSecret: {
    name: 'SIGNALS_SALT_SECRET',
    meaning:
      'At least 32 bytes, and none of the gateway’s secrets. Changing it is the kill switch; given by file, the change is noticed at run time.',
    secret: true,
    ...secret('embedded: made once'),
  },
  visitorIdentity: {
    name: 'SIGNALS_VISITOR_IDENTITY',
    meaning: '`network`: host, IP address and normalised user agent; `subject`: the token’s `sub`.',
    ...choice(visitorIdentities, 'network'),
  },
  dayZone: {
    name: 'SIGNALS_DAY_ZONE',
    meaning: 'IANA zone whose midnight turns the daily salt.',
    ...timeZone('UTC'),
  },
  auth: {
    name: 'SIGNALS_AUTH',
    meaning: 'Any of `bearer`, `forwarded-token`, `forwarded-claims`, comma-separated.',
    ...choices(identityModes, 'bearer'),
  },
  jwksUrl: {
    name: 'SIGNALS_JWKS_URL',
    meaning: 'Where the keys that verify tokens are fetched. https, or http on loopback.',
    ...optionalText('embedded: own key'),
  },
  jwksFile: {
    name: 'SIGNALS_JWKS_FILE',
    meaning: 'The same keys from a file, read again when it changes.',
    ...optionalText(),
  },
  jwtIssuer: {
    name: 'SIGNALS_JWT_ISSUER',
    meaning: 'The `iss` that tokens must carry. Required in production.',
    ...optionalText('embedded: any'),
  },
  jwtAudience: {
    name: 'SIGNALS_JWT_AUDIENCE',
    meaning: 'The `aud` (one of, comma-separated) that tokens must carry. Required in production.',
    ...optionalList('embedded: any'),
  },
  jwtAlgorithms: {
    name: 'SIGNALS_JWT_ALGORITHMS',
    meaning: 'Accepted algorithms, comma-separated.',
    ...optionalList('asymmetric ones'),
  },
  jwtPrefixes: {
    name: 'SIGNALS_JWT_PREFIXES',
    meaning: 'Accepted schemes of the Authorization header, comma-separated.',
    ...list(['Bearer'], 'Bearer'),
  },
  jwtClockTolerance: {
    name: 'SIGNALS_JWT_CLOCK_TOLERANCE',
    meaning:
      'Seconds by which an issuer’s clock may differ: so much longer `exp` holds, and so much earlier `nbf`. 0 to 300.',
    ...whole(defaultClockToleranceSeconds, 0, maxClockToleranceSeconds),
  },
  adminClaim: {
    name: 'SIGNALS_ADMIN_CLAIM',
    meaning:
      'The claim that holds roles; a dotted path is followed. The text of a claim called `scope` or `scp` is a list of words with spaces.',
    ...text('roles'),
  },
  adminValue: {
    name: 'SIGNALS_ADMIN_VALUE',
    meaning: 'The value, or the member of a list, that makes an admin.',
    ...text('admin'),
  },
  serviceValue: {
    name: 'SIGNALS_SERVICE_VALUE',
    meaning: 'The role of a server emitter.',
    ...text('service'),
  },
  backfillValue: {
    name: 'SIGNALS_BACKFILL_VALUE',
    meaning: 'The role that may import history.',
    ...text('backfill'),
  },
  gatewayHmacSecrets: {
    name: 'SIGNALS_GATEWAY_HMAC_SECRETS',
    meaning:
      'One or more, comma-separated, at least 32 bytes each. When set, every GraphQL request must be signed.',
    secret: true,
    ...secrets('–'),
  },
  gatewayHmacScope: {
    name: 'SIGNALS_GATEWAY_HMAC_SCOPE',
    meaning: '`bound`, or `stock` (only together with a verified token).',
    ...choice(gatewayScopes, 'bound'),
  },
  clientIpSource: {
    name: 'SIGNALS_CLIENT_IP_SOURCE',
    meaning: '`signed`, `xff` or `socket`.',
    ...choice(addressSources, 'socket'),
    default: 'socket embedded; required in production',
  },
  trustedHops: {
    name: 'SIGNALS_TRUSTED_HOPS',
    meaning: 'Which entry of `x-forwarded-for` is the caller, counted from the right.',
    ...whole(1, 1, 20),
  },
  catalogue: {
    name: 'SIGNALS_CATALOG',
    meaning: 'File with the apps, entity types and event types. Reloaded when it changes.',
    ...optionalText('the example catalogue'),
  },
  ownershipModule: {
    name: 'SIGNALS_OWNERSHIP_MODULE',
    meaning: 'Module whose default export says who may report on which session or entity.',
    ...optionalText(),
  },
  internalUsers: {
    name: 'SIGNALS_INTERNAL_USERS',
    meaning: 'E-mails, `@domains` or `sub:` ids that are not tracked, comma-separated.',
    ...list([], '–'),
  },
  rateLimitPerMinute: {
    name: 'SIGNALS_RATE_LIMIT_PER_MINUTE',
    meaning: 'Events per subject in a minute of the clock; any 60 seconds hold at most twice as many.',
    ...whole(600, 1, 10_000_000),
  },
  redisUrl: {
    name: 'REDIS_URL',
    meaning: 'Shares the rate limit between replicas.',
    secret: true,
    ...connection(['redis://', 'rediss://'], 'must begin with redis:// or rediss://', '–'),
  },
  maxAgeHours: {
    name: 'SIGNALS_MAX_AGE_HOURS',
    meaning: 'An event that happened longer ago is `TOO_OLD`. Less than (`SIGNALS_RETENTION_DAYS` − 1) × 24.',
    ...whole(72, 1, 24 * 365),
  },
  retentionDays: {
    name: 'SIGNALS_RETENTION_DAYS',
    meaning:
      'How many days of `SIGNALS_DAY_ZONE` are kept, today among them; the nightly purge deletes the days before. 2 to 3650.',
    ...whole(180, 2, 3650),
  },
  minGroup: {
    name: 'SIGNALS_MIN_GROUP',
    meaning:
      'Smallest number of visitors whose group keeps its own name in the totals that outlive raw rows; 1 to 1000. 1 folds nothing.',
    ...whole(5, 1, 1000),
  },
  maxBatch: {
    name: 'SIGNALS_MAX_BATCH',
    meaning: 'Events per batch; 1 to 1000.',
    ...whole(limits.maxBatch, 1, 1000),
  },
  maxPendingEvents: {
    name: 'SIGNALS_MAX_PENDING_EVENTS',
    meaning: 'Events taken but not yet committed; beyond it they are `OVERLOADED`.',
    ...whole(10_000, 1, 1_000_000),
  },
  introspection: {
    name: 'SIGNALS_INTROSPECTION',
    meaning: '`off` refuses introspection queries; `_service` still answers.',
    ...onOff('on'),
  },
  logLevel: {
    name: 'SIGNALS_LOG_LEVEL',
    meaning: '`debug`, `info`, `warn`, `error` or `silent`.',
    ...choice(['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Rows = typeof settingsByKey;

/** The name of a setting, as it stands in the environment. */
export type SettingName = Rows[keyof Rows]['name'];

/** What the settings say, by their names in `Config`. */
export type SettingValues = {
  readonly [Key in keyof Rows]: ReturnType<Rows[Key]['parse']>['value'];
};

/** A setting that there is. */
export interface KnownSetting extends Setting {
  readonly name: SettingName;
}

/** Every setting in the order of the docs; docs/operations.md prints this table and a test compares them. */
export const settings: readonly KnownSetting[] = Object.values(settingsByKey);
