import { readFileSync } from 'node:fs';
import { type Config, ConfigurationError, type Environment, loadConfig } from '../config/index.js';
import type { Log } from '../domain/ports/index.js';
import { createLog, describeError } from '../observability/log.js';
import { type App, createApp } from './create-app.js';
import { banner } from './embedded/banner.js';

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
  const loaded = loadConfig(io.env, (path) => readFileSync(path, 'utf8'));
  if (!loaded.ok) return refuse(io, loaded.error);
  return serve(loaded.value, argv.includes('--migrate'), io);
}

async function serve(config: Config, migrate: boolean, io: ServeIo): Promise<number> {
  const log = createLog({ level: config.logLevel });
  // Signals arrive from the first moment on, also while the store is being opened.
  let app: App | null = null;
  endWithProcess(log, async () => app?.close());
  try {
    app = await createApp(config, { log, clock: { now: io.now }, fetch: io.fetch, migrate });
    const url = await app.server.listen(config.port, config.host);
    app.jobs.start();
    app.server.watchReadiness();
    log.info({ url, embedded: config.databaseUrl === null }, 'ready');
    if (!config.production) io.stdout.write(banner(url, config));
    return 0;
  } catch (error) {
    await app?.close();
    return refuse(io, error instanceof ConfigurationError ? error.problems : [startProblem(error, config)]);
  }
}

/** Bad settings: every one of them, by name. */
function refuse(io: ServeIo, problems: readonly string[]): number {
  io.stderr.write(`Signals cannot start:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`);
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

/** Why it did not start, in one line without values of secrets. */
function startProblem(error: unknown, config: Config): string {
  const { code, error: name, at } = describeError(error);
  if (code === 'EADDRINUSE') return `PORT ${config.port} is in use`;
  if (code === 'EACCES') return `PORT ${config.port} or SIGNALS_DATA_DIR may not be used by this user`;
  if (code === 'data_folder_in_use') return 'SIGNALS_DATA_DIR is in use by another process';
  return `${name}${code ? ` ${code}` : ''}${at ? ` ${at}` : ''}`;
}
