import { limits } from '../contract/index.js';
import { webOrigin } from './origins.js';
import { createReader, type Environment, isOneOf, type SettingReader, splitList } from './reader.js';
import { type Secret, secretOf, secretProblem } from './secret.js';
import type { SettingName } from './settings.js';

export type { Environment } from './reader.js';
export { type Secret, secretOf, secretProblem } from './secret.js';
export { type SettingName, settings } from './settings.js';

/** Where identities come from; see docs/operations.md. */
export const authModes = ['bearer', 'forwarded-token', 'forwarded-claims'] as const;
export type AuthMode = (typeof authModes)[number];
export const clientIpSources = ['signed', 'xff', 'socket'] as const;
export type ClientIpSource = (typeof clientIpSources)[number];

/** Everything the process is told from outside, parsed and checked. Nothing else reads the environment. */
export type Config = ServerConfig & StoreConfig & PrivacyConfig & TokenConfig & GatewayConfig & IngestConfig;

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Parses the environment once. Empty text means unset. Answers every problem at once, by name and never by
 * value. In production nothing has a development default.
 */
export function loadConfig(env: Environment, readFile: (path: string) => string): ConfigResult {
  const problems: string[] = [];
  const reader = createReader(env, readFile, problems);
  const gateway = gatewayConfig(reader, problems);
  const config: Config = {
    ...serverConfig(reader, env.NODE_ENV === 'production', problems),
    ...storeConfig(reader, problems),
    ...privacyConfig(reader, problems),
    ...tokenConfig(reader, problems),
    ...gateway,
    ...ingestConfig(reader),
  };
  problems.push(...conflicts(config), ...(config.production ? missing(config, reader) : []));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config };
}

export interface ServerConfig {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Serialised as browsers send them; none: no other origin may read an answer. */
  readonly corsOrigins: readonly string[];
  readonly introspection: boolean;
  readonly logLevel: string;
}

function serverConfig(reader: SettingReader, production: boolean, problems: string[]): ServerConfig {
  const { text, whole, choice, list } = reader;
  const given = list('SIGNALS_CORS_ORIGINS') ?? [];
  const corsOrigins = given.map(webOrigin).filter((origin) => origin !== null);
  if (corsOrigins.length < given.length)
    problems.push('SIGNALS_CORS_ORIGINS must be origins such as https://app.example.org, each one named');
  return {
    production,
    port: whole('PORT', 4008, 0, 65_535),
    host: text('HOST') ?? '127.0.0.1',
    corsOrigins,
    introspection: choice('SIGNALS_INTROSPECTION', ['on', 'off'] as const, 'on') === 'on',
    logLevel: choice('SIGNALS_LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'] as const, 'info'),
  };
}

export interface StoreConfig {
  /** Null: PGlite in the data folder. */
  readonly databaseUrl: Secret | null;
  readonly dataDir: string;
  readonly poolMax: number;
  readonly redisUrl: Secret | null;
  readonly retentionDays: number;
  readonly maxPendingEvents: number;
}

function storeConfig({ text, whole, secret }: SettingReader, problems: string[]): StoreConfig {
  const databaseUrl = secret('DATABASE_URL');
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl.text)) {
    problems.push('DATABASE_URL must begin with postgresql://');
  }
  const redisUrl = secret('REDIS_URL');
  if (redisUrl && !/^rediss?:\/\//.test(redisUrl.text))
    problems.push('REDIS_URL must begin with redis:// or rediss://');
  return {
    databaseUrl: databaseUrl && secretOf(databaseUrl.text),
    dataDir: text('SIGNALS_DATA_DIR') ?? '.data',
    poolMax: whole('SIGNALS_POOL_MAX', 10, 2, 200),
    redisUrl: redisUrl && secretOf(redisUrl.text),
    retentionDays: whole('SIGNALS_RETENTION_DAYS', 180, 2, 3650),
    maxPendingEvents: whole('SIGNALS_MAX_PENDING_EVENTS', 10_000, 1, 1_000_000),
  };
}

export interface PrivacyConfig {
  /** Null: embedded mode makes one in the data folder. */
  readonly saltSecret: Secret | null;
  /** The file it came from, watched at run time: the kill switch. */
  readonly saltSecretFile: string | null;
  readonly visitorIdentity: 'network' | 'subject';
  readonly dayZone: string;
  readonly internalUsers: readonly string[];
  readonly clientIpSource: ClientIpSource;
  readonly trustedHops: number;
}

function privacyConfig(reader: SettingReader, problems: string[]): PrivacyConfig {
  const salt = reader.secret('SIGNALS_SALT_SECRET');
  if (salt) checkSecret('SIGNALS_SALT_SECRET', salt.text, problems);
  const dayZone = reader.text('SIGNALS_DAY_ZONE') ?? 'UTC';
  if (!isZone(dayZone)) problems.push('SIGNALS_DAY_ZONE must be an IANA time zone');
  return {
    saltSecret: salt && secretOf(salt.text),
    saltSecretFile: salt?.file ?? null,
    visitorIdentity: reader.choice('SIGNALS_VISITOR_IDENTITY', ['network', 'subject'] as const, 'network'),
    dayZone,
    internalUsers: reader.list('SIGNALS_INTERNAL_USERS') ?? [],
    clientIpSource: reader.choice('SIGNALS_CLIENT_IP_SOURCE', clientIpSources, 'socket'),
    trustedHops: reader.whole('SIGNALS_TRUSTED_HOPS', 1, 1, 20),
  };
}

export interface TokenConfig {
  readonly auth: readonly AuthMode[];
  readonly jwksUrl: string | null;
  readonly jwksFile: string | null;
  readonly jwtIssuer: string | null;
  readonly jwtAudience: readonly string[] | null;
  readonly jwtAlgorithms: readonly string[] | null;
  readonly jwtPrefixes: readonly string[];
  readonly adminClaim: string;
  readonly adminValue: string;
  readonly serviceValue: string;
  readonly backfillValue: string;
}

function tokenConfig({ text, list }: SettingReader, problems: string[]): TokenConfig {
  const auth = list('SIGNALS_AUTH') ?? ['bearer'];
  const known = auth.filter((mode) => isOneOf(authModes, mode));
  if (known.length < auth.length || auth.length === 0)
    problems.push(`SIGNALS_AUTH must be any of ${authModes.join(', ')}`);
  return {
    auth: known,
    jwksUrl: text('SIGNALS_JWKS_URL'),
    jwksFile: text('SIGNALS_JWKS_FILE'),
    jwtIssuer: text('SIGNALS_JWT_ISSUER'),
    jwtAudience: list('SIGNALS_JWT_AUDIENCE'),
    jwtAlgorithms: list('SIGNALS_JWT_ALGORITHMS'),
    jwtPrefixes: list('SIGNALS_JWT_PREFIXES') ?? ['Bearer'],
    adminClaim: text('SIGNALS_ADMIN_CLAIM') ?? 'roles',
    adminValue: text('SIGNALS_ADMIN_VALUE') ?? 'admin',
    serviceValue: text('SIGNALS_SERVICE_VALUE') ?? 'service',
    backfillValue: text('SIGNALS_BACKFILL_VALUE') ?? 'backfill',
  };
}

export interface GatewayConfig {
  readonly gatewayHmacSecrets: readonly Secret[];
  /** The file they came from, watched at run time: secrets rotate without a restart. */
  readonly gatewayHmacSecretsFile: string | null;
  readonly gatewayHmacScope: 'bound' | 'stock';
}

function gatewayConfig(reader: SettingReader, problems: string[]): GatewayConfig {
  const given = reader.secret('SIGNALS_GATEWAY_HMAC_SECRETS');
  const secrets = given ? splitList(given.text) : [];
  if (given && secrets.length === 0) problems.push('SIGNALS_GATEWAY_HMAC_SECRETS is empty');
  for (const secret of secrets) checkSecret('SIGNALS_GATEWAY_HMAC_SECRETS', secret, problems);
  return {
    gatewayHmacSecrets: secrets.map(secretOf),
    gatewayHmacSecretsFile: given?.file ?? null,
    gatewayHmacScope: reader.choice('SIGNALS_GATEWAY_HMAC_SCOPE', ['bound', 'stock'] as const, 'bound'),
  };
}

export interface IngestConfig {
  /** Null: the example catalogue of the package. */
  readonly catalogue: string | null;
  readonly ownershipModule: string | null;
  readonly rateLimitPerMinute: number;
  readonly maxAgeHours: number;
  readonly maxBatch: number;
}

function ingestConfig({ text, whole }: SettingReader): IngestConfig {
  return {
    catalogue: text('SIGNALS_CATALOG'),
    ownershipModule: text('SIGNALS_OWNERSHIP_MODULE'),
    rateLimitPerMinute: whole('SIGNALS_RATE_LIMIT_PER_MINUTE', 600, 1, 10_000_000),
    maxAgeHours: whole('SIGNALS_MAX_AGE_HOURS', 72, 1, 24 * 365),
    maxBatch: whole('SIGNALS_MAX_BATCH', limits.maxBatch, 1, 1000),
  };
}

/** Settings that are right one by one and wrong together. */
function conflicts(config: Config): string[] {
  const problems: string[] = [];
  const signed = config.gatewayHmacSecrets.length > 0;
  if (config.jwksUrl && config.jwksFile)
    problems.push('SIGNALS_JWKS_URL and SIGNALS_JWKS_FILE exclude each other');
  if (config.auth.includes('forwarded-claims') && (!signed || config.gatewayHmacScope !== 'bound')) {
    problems.push(
      'SIGNALS_AUTH=forwarded-claims needs SIGNALS_GATEWAY_HMAC_SECRETS with SIGNALS_GATEWAY_HMAC_SCOPE=bound: nothing else protects the claims',
    );
  }
  if (config.clientIpSource === 'signed' && (!signed || config.gatewayHmacScope !== 'bound')) {
    problems.push(
      'SIGNALS_CLIENT_IP_SOURCE=signed needs SIGNALS_GATEWAY_HMAC_SECRETS with SIGNALS_GATEWAY_HMAC_SCOPE=bound',
    );
  }
  if (config.maxAgeHours >= (config.retentionDays - 1) * 24) {
    problems.push(
      'SIGNALS_MAX_AGE_HOURS must be less than (SIGNALS_RETENTION_DAYS − 1) × 24: what is still taken must not be of a day that is purged',
    );
  }
  return problems;
}

/** What production cannot do without: nothing has a development default there. */
function missing(config: Config, reader: SettingReader): string[] {
  const verifies = config.auth.some((mode) => mode !== 'forwarded-claims');
  const needs: readonly [SettingName, boolean, string][] = [
    ['SIGNALS_SALT_SECRET', config.saltSecret !== null, 'at least 32 random bytes'],
    [
      'SIGNALS_JWKS_URL',
      !verifies || Boolean(config.jwksUrl ?? config.jwksFile),
      'or SIGNALS_JWKS_FILE: the keys that verify tokens',
    ],
    ['SIGNALS_JWT_ISSUER', config.jwtIssuer !== null, 'the iss that tokens must carry'],
    ['SIGNALS_JWT_AUDIENCE', config.jwtAudience !== null, 'the aud that tokens must carry'],
    ['SIGNALS_CLIENT_IP_SOURCE', reader.text('SIGNALS_CLIENT_IP_SOURCE') !== null, 'signed, xff or socket'],
  ];
  return needs
    .filter(([name, present]) => !present && !reader.failed(name))
    .map(([name, , hint]) => `${name} is required in production: ${hint}`);
}

function checkSecret(name: SettingName, value: string, problems: string[]): void {
  const problem = secretProblem(value);
  if (problem) problems.push(`${name} ${problem}`);
}

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
