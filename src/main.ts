import { readFileSync } from 'node:fs';
import { authProblems, ConfigurationError } from './app/auth.js';
import { type App, createApp } from './app/create-app.js';
import { banner } from './app/embedded/banner.js';
import { type Config, loadConfig } from './config/index.js';
import { createLog, describeError } from './observability/log.js';

const loaded = loadConfig(process.env, (path) => readFileSync(path, 'utf8'));
const problems = loaded.ok ? authProblems(loaded.config) : loaded.problems;
if (!loaded.ok || problems.length > 0) exitWith(problems);
else await serve(loaded.config);

/** Bad settings: every one of them, by name, and status 1. */
function exitWith(messages: readonly string[]): void {
  process.stderr.write(`Signals cannot start:\n${messages.map((message) => `  - ${message}\n`).join('')}`);
  process.exitCode = 1;
}

async function serve(config: Config): Promise<void> {
  // Nobody may be reading, or the disk may be full: that is no reason to stop taking events.
  process.stdout.on('error', () => undefined);
  const log = createLog({ level: config.logLevel });
  // Signals arrive from the first moment on, also while the store is being opened.
  let app: App | null = null;
  let stopping = false;
  const stop = (signal: string, code: number): void => {
    if (stopping) process.exit(1); // asked a second time: at once
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), 15_000).unref();
    void (app?.close() ?? Promise.resolve()).then(() => process.exit(code));
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  const onBug = (error: unknown): void => {
    log.error(describeError(error), 'uncaught error');
    if (!stopping) stop('uncaught', 1);
  };
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);

  try {
    app = await createApp(config, { log, migrate: process.argv.includes('--migrate') });
    const url = await app.server.listen(config.port, config.host);
    app.startJobs();
    log.info({ url, embedded: config.databaseUrl === null }, 'ready');
    if (!config.production) process.stdout.write(banner(url, config));
  } catch (error) {
    await app?.close();
    exitWith(error instanceof ConfigurationError ? error.problems : [startProblem(error, config)]);
  }
}

/** Why it did not start, in one line without values of secrets. */
function startProblem(error: unknown, config: Config): string {
  const { code, error: name, at } = describeError(error);
  if (code === 'EADDRINUSE') return `PORT ${config.port} is in use`;
  if (code === 'EACCES') return `PORT ${config.port} or SIGNALS_DATA_DIR may not be used by this user`;
  if (code === 'data_folder_in_use') return 'SIGNALS_DATA_DIR is in use by another process';
  return `${name}${code ? ` ${code}` : ''}${at ? ` ${at}` : ''}`;
}
