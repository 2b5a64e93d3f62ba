import {
  type Config,
  ConfigurationError,
  type Environment,
  type Findings,
  loadConfig,
} from '../config/index.js';
import type { Log } from '../domain/ports/index.js';
import { createLog, describeError } from '../observability/log.js';
import { type App, createApp } from './create-app.js';
import { banner } from './embedded/banner.js';
import { listen } from './listen.js';
import { packageRoot } from './package-root.js';
import { preflight } from './preflight.js';
import { settingFiles } from './setting-files.js';

/** What the service takes from its process; a command of the command line has the same. */
export interface ServeIo {
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly fetch: typeof fetch;
  readonly now: () => Date;
}

/** A drain that takes longer than this is cut off. */
const stopDeadlineMs = 15_000;

/**
 * Starts the service by the settings in the environment; `--migrate` applies migrations to PostgreSQL first. Answers
 * 0 once it listens, and 1 where it cannot start, with every reason on standard error. After 0 the process lives
 * until a signal or an uncaught error ends it, and `process.exit` is called when the drain is over.
 */
export async function runServer(argv: readonly string[], io: ServeIo): Promise<number> {
  const loaded = loadConfig(io.env, settingFiles);
  const config = loaded.ok ? loaded.value : loaded.config;
  const log = createLog({ level: config.logLevel });
  const files = await preflight(config, log);
  const findings = {
    problems: [...(loaded.ok ? [] : loaded.error), ...files.problems],
    warnings: [...loaded.warnings, ...files.warnings],
  };
  if (findings.problems.length > 0) return refuse(io, findings);
  for (const warning of findings.warnings) log.warn({}, warning);
  return serve(config, argv.includes('--migrate'), log, io);
}

async function serve(config: Config, migrate: boolean, log: Log, io: ServeIo): Promise<number> {
  // Signals arrive from the first moment on, also while the store is being opened.
  let app: App | null = null;
  endWithProcess(log, async () => app?.close());
  try {
    app = await createApp(config, { log, clock: { now: io.now }, fetch: io.fetch, migrate });
    const url = await listen(app.server, config.port, config.host);
    app.jobs.start();
    app.server.watchReadiness();
    log.info({ url, embedded: config.databaseUrl === null }, 'ready');
    if (!config.production) io.stdout.write(banner(url, config, { cwd: process.cwd(), root: packageRoot() }));
    return 0;
  } catch (error) {
    await app?.close();
    const problems = error instanceof ConfigurationError ? error.problems : [startProblem(error, config)];
    return refuse(io, { problems, warnings: [] });
  }
}

/** Bad settings: every one of them, by name. A warning may tell why one is missing, so warnings are said as well. */
function refuse(io: ServeIo, { problems, warnings }: Findings): number {
  const lines = (texts: readonly string[]): string => texts.map((text) => `  - ${text}\n`).join('');
  io.stderr.write(`Signals cannot start:\n${lines(problems)}`);
  if (warnings.length > 0) io.stderr.write(`Warnings:\n${lines(warnings)}`);
  return 1;
}

/** Ends the process after `close` at SIGTERM, SIGINT or an uncaught error; a second signal ends it at once. */
function endWithProcess(log: Log, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: string, code: number): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), stopDeadlineMs).unref();
    void close().then(() => process.exit(code));
  };
  const onBug = (error: unknown): void => {
    log.error(describeError(error), 'uncaught error');
    if (!stopping) stop('uncaught', 1);
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);
  // Nobody may be reading, or the disk may be full: that is no reason to stop taking events.
  process.stdout.on('error', () => undefined);
}

/** What the system or the embedded database answers, and which setting it is about. */
const startProblems: Readonly<Record<string, (config: Config) => string>> = {
  EADDRINUSE: ({ port }) => `PORT ${port} is in use`,
  EACCES: ({ port }) => `PORT ${port} or SIGNALS_DATA_DIR may not be used by this user`,
  EADDRNOTAVAIL: () => 'HOST is no address of this machine',
  ENOTFOUND: () => 'HOST is no address of this machine',
  EEXIST: () => 'SIGNALS_DATA_DIR is not a folder',
  ENOTDIR: () => 'SIGNALS_DATA_DIR is not a folder',
  EROFS: () => 'SIGNALS_DATA_DIR is on a disk that cannot be written',
  ENOSPC: () => 'SIGNALS_DATA_DIR is on a disk that is full',
  data_folder_in_use: () => 'SIGNALS_DATA_DIR is in use by another process',
};

/** Why it did not start, in one line without values of secrets. */
function startProblem(error: unknown, config: Config): string {
  const { code, error: name, at } = describeError(error);
  const known = startProblems[code ?? ''];
  if (known) return known(config);
  return `${name}${code ? ` ${code}` : ''}${at ? ` ${at}` : ''}`;
}
