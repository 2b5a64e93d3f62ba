import { readFile as readFileFromDisk } from 'node:fs/promises';
import type { Result } from '../contract/index.js';
import type { Catalogue, CatalogueSource } from '../domain/catalogue.js';
import type { Log } from '../domain/ports/index.js';
import type { IsPiiKey } from './check-schema.js';
import { type ParsedCatalogue, parseCatalogue } from './parse-catalogue.js';

export interface CatalogueFileOptions {
  readonly path: string;
  readonly log: Log;
  readonly isPiiKey?: IsPiiKey;
  /** Milliseconds between two looks at the file; default 2,000. */
  readonly pollMs?: number;
  /** Milliseconds that a changed file must stay the same before it is taken; default 100. */
  readonly settleMs?: number;
  readonly readFile?: (path: string) => Promise<string>;
  /** Told of every new plan, after the swap. */
  readonly onReload?: (catalogue: Catalogue) => void;
}

/** The state of the file on disk; the plan in use is the last good one either way. */
export interface CatalogueStatus {
  /** Empty where it is in use. */
  readonly problems: readonly string[];
}

export interface CatalogueFile {
  readonly source: CatalogueSource;
  status(): CatalogueStatus;
  /** Looks at the file now; resolves once what it holds has been taken or refused. Never rejects. */
  check(): Promise<void>;
  /** Ends the watch; the last plan stays in use. */
  stop(): void;
}

/** How often a file that keeps changing is read before it is left to the next look. */
const settleAttempts = 10;

/**
 * Loads the catalogue and takes every later change of the file without a restart. The text itself is compared,
 * not its time stamp: that holds for editors which replace the file, for symlinks that are swapped (as
 * Kubernetes does with mounted ConfigMaps), for network disks without events and for two edits in one tick of
 * the file system's clock; the file is small. A change must stay the same for `settleMs`, so that a half-written
 * file is not judged. A plan is swapped by one assignment. A bad file changes nothing: the last good plan stays,
 * the problems are logged once and reported by `status`.
 */
export async function createCatalogueFile(
  options: CatalogueFileOptions,
): Promise<Result<CatalogueFile, readonly string[]>> {
  const text = await readText(options);
  const first = judge(text, options);
  return first.ok ? { ok: true, value: createWatch(options, first.value, text) } : first;
}

function judge(text: string, options: CatalogueFileOptions): ParsedCatalogue {
  if (text.startsWith(unreadable)) return { ok: false, error: [text.slice(1)] };
  return parseCatalogue(text, options.isPiiKey === undefined ? {} : { isPiiKey: options.isPiiKey });
}

/** Marks a text that stands for a failed reading. NUL cannot start a JSON text. */
const unreadable = '\u0000';

async function readText({ path, readFile = readUtf8 }: CatalogueFileOptions): Promise<string> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return `${unreadable}the file cannot be read (${code})`;
  }
}

const readUtf8 = (path: string) => readFileFromDisk(path, 'utf8');

function createWatch(options: CatalogueFileOptions, first: Catalogue, firstText: string): CatalogueFile {
  const { log, pollMs = 2_000, settleMs = 100 } = options;
  let catalogue = first;
  let judged = firstText;
  let status: CatalogueStatus = { problems: [] };
  let stopped = false;
  let running: Promise<void> | null = null;

  const take = (text: string) => {
    judged = text;
    const parsed = judge(text, options);
    if (!parsed.ok) {
      status = { problems: parsed.error };
      log.error({ problems: parsed.error }, 'catalogue refused; the last good one stays in use');
      return;
    }
    status = { problems: [] };
    if (parsed.value.fingerprint === catalogue.fingerprint) {
      log.info({ fingerprint: catalogue.fingerprint }, 'catalogue is as it was before');
      return;
    }
    catalogue = parsed.value;
    log.info({ fingerprint: catalogue.fingerprint }, 'catalogue reloaded');
    tell(catalogue);
  };
  const tell = (plan: Catalogue) => {
    try {
      options.onReload?.(plan);
    } catch {
      log.error({ fingerprint: plan.fingerprint }, 'a listener of catalogue reloads failed');
    }
  };
  const look = async () => {
    const text = await readSettled(options, judged, settleMs);
    if (text !== null && !stopped) take(text);
  };
  const check = () => {
    running ??= look().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(check, pollMs);
  timer.unref();
  return {
    source: { current: () => catalogue },
    status: () => status,
    check,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** The file's text once two readings in a row agree; null while it is still as it was, or still changing. */
async function readSettled(
  options: CatalogueFileOptions,
  judged: string,
  settleMs: number,
): Promise<string | null> {
  let last = await readText(options);
  for (let attempt = 0; attempt < settleAttempts; attempt += 1) {
    if (last === judged) return null;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const next = await readText(options);
    if (next === last) return next;
    last = next;
  }
  return null;
}
