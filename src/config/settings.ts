interface Setting {
  readonly name: string;
  /** As the documentation prints it. */
  readonly default: string;
  readonly meaning: string;
  /** May also be given as `NAME_FILE`. */
  readonly secret?: true;
}

/** Every setting: docs/operations.md prints this table and a test compares them. */
export const settings = [
  { name: 'PORT', default: '4008', meaning: 'Port to listen on.' },
  { name: 'HOST', default: '127.0.0.1', meaning: 'Address to listen on.' },
  {
    name: 'SIGNALS_CORS_ORIGINS',
    default: 'none: closed',
    meaning:
      'Origins whose pages may post to `/v1/events`, comma-separated: `https://app.example.org`, with a port where it is not the default. No `*`: it would let any page that somebody opens ask a service which only their network can reach.',
  },
  {
    name: 'DATABASE_URL',
    default: 'none: PGlite',
    meaning: 'PostgreSQL 14 or newer. Without it, PGlite in `SIGNALS_DATA_DIR`.',
    secret: true,
  },
  {
    name: 'SIGNALS_DATA_DIR',
    default: '.data',
    meaning: 'Folder of the embedded database and the development secrets.',
  },
  { name: 'SIGNALS_POOL_MAX', default: '10', meaning: 'Most connections to PostgreSQL.' },
  {
    name: 'SIGNALS_SALT_SECRET',
    default: 'embedded: made once',
    meaning:
      'At least 32 bytes. Changing it is the kill switch; given by file, the change is noticed at run time.',
    secret: true,
  },
  {
    name: 'SIGNALS_VISITOR_IDENTITY',
    default: 'network',
    meaning: '`network`: host, IP address and normalised user agent; `subject`: the token’s `sub`.',
  },
  { name: 'SIGNALS_DAY_ZONE', default: 'UTC', meaning: 'IANA zone whose midnight turns the daily salt.' },
  {
    name: 'SIGNALS_AUTH',
    default: 'bearer',
    meaning: 'Any of `bearer`, `forwarded-token`, `forwarded-claims`, comma-separated.',
  },
  {
    name: 'SIGNALS_JWKS_URL',
    default: 'embedded: own key',
    meaning: 'Where the keys that verify tokens are fetched. https, or http on loopback.',
  },
  {
    name: 'SIGNALS_JWKS_FILE',
    default: '–',
    meaning: 'The same keys from a file, read again when it changes.',
  },
  {
    name: 'SIGNALS_JWT_ISSUER',
    default: 'embedded: any',
    meaning: 'The `iss` that tokens must carry. Required in production.',
  },
  {
    name: 'SIGNALS_JWT_AUDIENCE',
    default: 'embedded: any',
    meaning: 'The `aud` (one of, comma-separated) that tokens must carry. Required in production.',
  },
  {
    name: 'SIGNALS_JWT_ALGORITHMS',
    default: 'asymmetric ones',
    meaning: 'Accepted algorithms, comma-separated.',
  },
  {
    name: 'SIGNALS_JWT_PREFIXES',
    default: 'Bearer',
    meaning: 'Accepted schemes of the Authorization header, comma-separated.',
  },
  {
    name: 'SIGNALS_ADMIN_CLAIM',
    default: 'roles',
    meaning: 'The claim that holds roles; a dotted path is followed.',
  },
  {
    name: 'SIGNALS_ADMIN_VALUE',
    default: 'admin',
    meaning: 'The value, or the member of a list, that makes an admin.',
  },
  { name: 'SIGNALS_SERVICE_VALUE', default: 'service', meaning: 'The role of a server emitter.' },
  { name: 'SIGNALS_BACKFILL_VALUE', default: 'backfill', meaning: 'The role that may import history.' },
  {
    name: 'SIGNALS_GATEWAY_HMAC_SECRETS',
    default: '–',
    meaning:
      'One or more, comma-separated, at least 32 bytes each. When set, every GraphQL request must be signed.',
    secret: true,
  },
  {
    name: 'SIGNALS_GATEWAY_HMAC_SCOPE',
    default: 'bound',
    meaning: '`bound`, or `stock` (only together with a verified token).',
  },
  {
    name: 'SIGNALS_CLIENT_IP_SOURCE',
    default: 'socket embedded; required in production',
    meaning: '`signed`, `xff` or `socket`.',
  },
  {
    name: 'SIGNALS_TRUSTED_HOPS',
    default: '1',
    meaning: 'Which entry of `x-forwarded-for` is the caller, counted from the right.',
  },
  {
    name: 'SIGNALS_CATALOG',
    default: 'the example catalogue',
    meaning: 'File with the apps, entity types and event types. Reloaded when it changes.',
  },
  {
    name: 'SIGNALS_OWNERSHIP_MODULE',
    default: '–',
    meaning: 'Module whose default export says who may report on which session or entity.',
  },
  {
    name: 'SIGNALS_INTERNAL_USERS',
    default: '–',
    meaning: 'E-mails, `@domains` or `sub:` ids that are not tracked, comma-separated.',
  },
  { name: 'SIGNALS_RATE_LIMIT_PER_MINUTE', default: '600', meaning: 'Events per subject and minute.' },
  { name: 'REDIS_URL', default: '–', meaning: 'Shares the rate limit between replicas.', secret: true },
  {
    name: 'SIGNALS_MAX_AGE_HOURS',
    default: '72',
    meaning: 'An event that happened longer ago is `TOO_OLD`. Less than (`SIGNALS_RETENTION_DAYS` − 1) × 24.',
  },
  {
    name: 'SIGNALS_RETENTION_DAYS',
    default: '180',
    meaning:
      'How many days of `SIGNALS_DAY_ZONE` are kept, today among them; the nightly purge deletes the days before. 2 to 3650.',
  },
  { name: 'SIGNALS_MAX_BATCH', default: '200', meaning: 'Events per batch; 1 to 1000.' },
  {
    name: 'SIGNALS_MAX_PENDING_EVENTS',
    default: '10000',
    meaning: 'Events taken but not yet committed; beyond it they are `OVERLOADED`.',
  },
  {
    name: 'SIGNALS_INTROSPECTION',
    default: 'on',
    meaning: '`off` refuses introspection queries; `_service` still answers.',
  },
  { name: 'SIGNALS_LOG_LEVEL', default: 'info', meaning: '`debug`, `info`, `warn`, `error` or `silent`.' },
] as const satisfies readonly Setting[];

/** The name of a setting, as it stands in the environment. */
export type SettingName = (typeof settings)[number]['name'];
