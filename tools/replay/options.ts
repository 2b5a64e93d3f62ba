import { parseArgs } from 'node:util';

/** What `npm run replay` was asked to do. */
export interface ReplayOptions {
  readonly kind: 'run';
  readonly logFile: string;
  readonly via: 'rest' | 'graphql';
  /** Base URL of Signals, or of the GraphQL endpoint with `via: 'graphql'`. */
  readonly url: string;
  /** Where an admin's queries go. */
  readonly graphqlUrl: string;
  readonly token: string;
  /** Null: do not compare. */
  readonly adminToken: string | null;
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  /** Null: to be found out from the log. */
  readonly ownHost: string | null;
  readonly json: boolean;
}

export type ParsedReplayOptions =
  | ReplayOptions
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const replayHelp = `Usage: npm run -s replay -- <access-log> [options]

Sends an Apache access log in combined format (plain or gzip) to a running Signals: every line as one
page_viewed event of the app "web", with the line's address and user agent as the caller's and its time as
occurredAt, shifted by whole days so that the log ends yesterday (UTC). A second run is all duplicates.

  --url <url>             where Signals runs (http://127.0.0.1:4008); with --via graphql the GraphQL endpoint
  --via rest|graphql      POST /v1/events, or the mutation trackEvents, perhaps through a gateway (rest)
  --token <token>         a token with the backfill role; better in SIGNALS_TOKEN, which no process list shows
  --compare <token>       an admin's token (or SIGNALS_ADMIN_TOKEN): counts what was stored, and asks what
                          eventStats counts over all apps, beside our own count
  --graphql-url <url>     where --compare asks (<url>/graphql)
  --own-host <name>       the site's host, which is no referrer (the log's most frequent referrer)
  --concurrency <n>       requests in flight (8)
  --max-attempts <n>      requests per event before it counts as failed (10)
  --timeout <ms>          for one request (30000)
  --json                  the report as JSON
  --help

The server must take the caller's address from x-forwarded-for:
  SIGNALS_CLIENT_IP_SOURCE=xff SIGNALS_TRUSTED_HOPS=1 npm start
  SIGNALS_TOKEN=$(npm run -s token -- --sub replay --role backfill) npm run -s replay -- access.log

Exit code 0: every line was answered for good (rejected ones, too); 1: some were not, or the log could not be
read, or the comparison failed; 2: used wrongly.
`;

const config = {
  url: { type: 'string' },
  via: { type: 'string', default: 'rest' },
  token: { type: 'string' },
  compare: { type: 'string' },
  'graphql-url': { type: 'string' },
  'own-host': { type: 'string' },
  concurrency: { type: 'string', default: '8' },
  'max-attempts': { type: 'string', default: '10' },
  timeout: { type: 'string', default: '30000' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the command line; a mistake is a sentence that holds no secret. Never throws. */
export function parseReplayOptions(argv: readonly string[], env: Env): ParsedReplayOptions {
  const parsed = parse(argv);
  if (parsed === null) return wrong('an option is not known, or has no value');
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const [logFile, ...others] = positionals;
  if (logFile === undefined || others.length > 0) return wrong('name one access log');
  const { via } = values;
  if (via !== 'rest' && via !== 'graphql') return wrong('--via is rest or graphql');
  const url = values.url ?? (via === 'rest' ? 'http://127.0.0.1:4008' : 'http://127.0.0.1:4008/graphql');
  const graphqlUrl = values['graphql-url'] ?? (via === 'rest' ? `${url.replace(/\/+$/, '')}/graphql` : url);
  if (!isHttpUrl(url) || !isHttpUrl(graphqlUrl))
    return wrong('--url and --graphql-url are http or https URLs');
  const token = values.token ?? env.SIGNALS_TOKEN ?? '';
  const adminToken = values.compare ?? (env.SIGNALS_ADMIN_TOKEN || null);
  if (!isToken(token)) return wrong('a token with the backfill role is needed: --token or SIGNALS_TOKEN');
  if (adminToken !== null && !isToken(adminToken)) return wrong('--compare needs an admin’s token');
  const numbers = parseNumbers(values);
  if (numbers === null) {
    return wrong(
      '--concurrency (to 256), --max-attempts (to 1000) and --timeout (to 3600000) are whole numbers from 1',
    );
  }
  const ownHost = values['own-host'] ?? null;
  return {
    kind: 'run',
    logFile,
    via,
    url,
    graphqlUrl,
    token,
    adminToken,
    ...numbers,
    ownHost,
    json: values.json,
  };
}

function parseNumbers(values: {
  readonly concurrency: string;
  readonly 'max-attempts': string;
  readonly timeout: string;
}): Pick<ReplayOptions, 'concurrency' | 'maxAttempts' | 'timeoutMs'> | null {
  const concurrency = wholeNumber(values.concurrency, 256);
  const maxAttempts = wholeNumber(values['max-attempts'], 1_000);
  const timeoutMs = wholeNumber(values.timeout, 3_600_000);
  if (concurrency === null || maxAttempts === null || timeoutMs === null) return null;
  return { concurrency, maxAttempts, timeoutMs };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: config, allowPositionals: true });
  } catch {
    return null;
  }
}

function wrong(problem: string): { readonly kind: 'wrong'; readonly problem: string } {
  return { kind: 'wrong', problem };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Fit for a header: what a JWT is made of and more. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function wholeNumber(text: string, most: number): number | null {
  return /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null;
}
