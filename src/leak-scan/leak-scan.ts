import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createMultiSearch, type MultiSearch } from './multi-search.js';
import type { NeedleKind, Needles } from './needles.js';
import { unpacked } from './read-lines.js';

export interface LeakFinding {
  readonly file: string;
  readonly kind: NeedleKind;
}

export interface LeakReport {
  readonly filesScanned: number;
  readonly bytesScanned: number;
  readonly findings: readonly LeakFinding[];
  /** Files and folders that could not be read; a scan with any of them proves nothing. */
  readonly unreadable: readonly string[];
  /** Files that were deleted between listing and reading, as a running database does. */
  readonly vanished: readonly string[];
}

type MutableReport = { filesScanned: number; bytesScanned: number } & Record<
  'unreadable' | 'vanished',
  string[]
> & {
    findings: LeakFinding[];
  };

/**
 * Streams every regular file of `paths` (folders with all that is in them; symbolic links, sockets and pipes
 * are passed over) and says in which of them a needle occurs in the bytes. Packed files (gzip) are also looked
 * at unpacked. Never rejects: what cannot be read is listed.
 */
export async function scanForLeaks(paths: readonly string[], needles: Needles): Promise<LeakReport> {
  const search = createMultiSearch(needles.list);
  const report: MutableReport = {
    filesScanned: 0,
    bytesScanned: 0,
    findings: [],
    unreadable: [],
    vanished: [],
  };
  for (const path of paths) {
    // A path that was asked for by name must be there.
    if (!(await exists(path))) report.unreadable.push(path);
    else await visit(path, search, report);
  }
  return report;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function visit(path: string, search: MultiSearch, report: MutableReport): Promise<void> {
  try {
    const stat = await lstat(path);
    if (stat.isDirectory()) {
      for (const name of (await readdir(path)).sort()) await visit(join(path, name), search, report);
    } else if (stat.isFile()) {
      await scanFile(path, search, report);
    }
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    (gone ? report.vanished : report.unreadable).push(path);
  }
}

async function scanFile(file: string, search: MultiSearch, report: MutableReport): Promise<void> {
  const raw = search.start();
  let head = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    if (head.length < 2) head = Buffer.concat([head, chunk]).subarray(0, 2);
    report.bytesScanned += chunk.length;
    raw.push(chunk);
  }
  raw.end();
  const kinds = new Set(raw.found());
  if (head[0] === 0x1f && head[1] === 0x8b)
    for (const kind of await searchUnpacked(file, search)) kinds.add(kind);
  report.filesScanned += 1;
  for (const kind of [...kinds].sort()) report.findings.push({ file, kind });
}

async function searchUnpacked(file: string, search: MultiSearch): Promise<ReadonlySet<NeedleKind>> {
  const packed = search.start();
  try {
    for await (const chunk of unpacked(createReadStream(file))) packed.push(chunk);
  } catch {
    // It only began like gzip, or is cut off: what came out until then was looked at, and so were its bytes.
  }
  packed.end();
  return packed.found();
}
