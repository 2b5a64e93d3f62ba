import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { type App, type AppDeps, createApp } from '../../src/app/create-app.js';
import { settingFiles } from '../../src/app/setting-files.js';
import { run as tokenCommand } from '../../src/cli/token.js';
import { type Environment, loadConfig } from '../../src/config/index.js';
import { createLog } from '../../src/observability/log.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { chrome } from './user-agents.js';

export interface TestAppOptions {
  readonly store: OpenedStore;
  readonly env?: Environment;
  readonly now?: () => Date;
  readonly ownership?: AppDeps['ownership'];
  /** Stands in for the network: the key set of SIGNALS_JWKS_URL comes through it. */
  readonly fetch?: typeof fetch;
}

export interface GraphqlAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: T | null | undefined;
  readonly errors:
    | readonly { message: string; path?: unknown; extensions: { code: string; retryable: boolean } }[]
    | undefined;
}

/** A whole Signals on a free port, over real HTTP, with a clock of the test's own. */
export interface TestApp {
  readonly app: App;
  readonly url: string;
  /** Everything logged so far, as JSON lines. */
  logs(): string;
  token(sub: string, ...roles: string[]): Promise<string>;
  /** The same with further claims, such as `email`. */
  tokenWith(sub: string, claims: Readonly<Record<string, unknown>>): Promise<string>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  graphql<T, V>(
    document: TypedDocumentNode<T, V>,
    variables: V,
    headers?: Record<string, string>,
  ): Promise<GraphqlAnswer<T>>;
  close(): Promise<void>;
}

/** Opens an app on a store that the caller owns. Tokens are signed by the embedded development key, through `npm run token`'s code. */
export async function createTestApp(options: TestAppOptions): Promise<TestApp> {
  const { store, env = {}, now, ownership } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'signals-test-'));
  const fullEnv: Environment = { SIGNALS_DATA_DIR: dataDir, SIGNALS_LOG_LEVEL: 'debug', ...env };
  const loaded = loadConfig(fullEnv, settingFiles);
  if (!loaded.ok) throw new Error(loaded.error.join('\n'));
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  const clock = { now: now ?? (() => new Date()) };
  // The store outlives the app: a test may look into it after the app was closed.
  const borrowed: OpenedStore = { ...store, store: { ...store.store, close: async () => undefined } };
  const app = await createApp(loaded.value, {
    log,
    clock,
    store: borrowed,
    ...(ownership && { ownership }),
    fetch: options.fetch ?? fetch,
  }).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const url = await app.server.listen(0, '127.0.0.1');

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': chrome, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  return {
    app,
    url,
    logs: () => lines.join(''),
    token: (sub, ...roles) => developmentToken(fullEnv, clock.now, sub, roles),
    tokenWith: (sub, claims) => developmentToken(fullEnv, clock.now, sub, [], claims),
    post,
    async graphql(document, variables, headers) {
      const response = await post('/graphql', { query: print(document), variables }, headers);
      const text = await response.text();
      const { data, errors } = JSON.parse(text);
      return { status: response.status, headers: response.headers, text, data, errors };
    },
    async close() {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A token as `npm run token` prints it. */
export async function developmentToken(
  env: Environment,
  now: () => Date,
  sub: string,
  roles: readonly string[],
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  let text = '';
  const collect = { write: (part: string) => (text += part) };
  const more = Object.entries(claims).flatMap(([name, value]) => [
    '--claim',
    `${name}=${JSON.stringify(value)}`,
  ]);
  const argv = ['--sub', sub, ...roles.flatMap((role) => ['--role', role]), ...more];
  const code = await tokenCommand(argv, { env, stdout: collect, stderr: collect, fetch, now });
  if (code !== 0) throw new Error(text);
  return text.trim();
}

/** `authorization` of a bearer token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
