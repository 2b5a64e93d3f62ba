import pino from 'pino';
import type { Log } from '../domain/ports/index.js';

export interface LogOptions {
  readonly level: string;
  /** Where JSON lines go; standard output in a running service. */
  readonly destination?: { write(line: string): void };
}

/**
 * JSON lines, one per happening. The port takes flat fields and a fixed sentence, so there is no place into
 * which a request, its headers or its body could be put whole; `redact` is the second fence.
 */
export function createLog({ level, destination }: LogOptions): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...redactedKeys], censor: '[redacted]' },
  };
  const logger = pino(options, destination ?? standardOutput());
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

/** Bytes of lines that wait for whoever reads them; what comes beyond is dropped. */
const maxWaitingBytes = 4_194_304;

/**
 * Standard output, for a service that must go on when nobody reads it or its disk is full: written beside the
 * work, with bounded memory, and at the exit flushed only while that can end.
 */
function standardOutput(): pino.DestinationStream {
  let broken = false;
  let exiting = false;
  const output = pino.destination({
    fd: 1,
    sync: false,
    maxLength: maxWaitingBytes,
    retryEAGAIN: () => !exiting,
  });
  output.on('error', () => {
    broken = true;
  });
  output.on('write', () => {
    broken = false;
  });
  const flush = output.flushSync.bind(output);
  output.flushSync = () => {
    exiting = true;
    if (broken) return;
    try {
      flush();
    } catch {
      // The reader is gone or stuck, and so is the process in a moment.
    }
  };
  return output;
}

const redactedKeys = [
  'ip',
  'address',
  'userAgent',
  'authorization',
  'token',
  'sub',
  'subject',
  'email',
  'sessionId',
  'secret',
  'salt',
];

/**
 * What may be said of an unexpected error: its class, its code, and where it was thrown. Never its message:
 * database and parser messages quote the data they choke on.
 */
export function describeError(error: unknown): { error: string; code: string | null; at: string | null } {
  if (!(error instanceof Error)) return { error: typeof error, code: null, at: null };
  const code = (error as { code?: unknown }).code;
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    code: typeof code === 'string' && /^[A-Z0-9_]{1,40}$/i.test(code) ? code : null,
    at: frame?.trim().replace(/\(?file:.*\/(?=[^/]+:\d+:\d+)/, '(') ?? null,
  };
}
