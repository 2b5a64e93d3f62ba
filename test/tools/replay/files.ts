import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The log of 10,000 real requests, which does not come with the repository; null where it is not beside it. */
export function realLog(): string | null {
  const file = join(root, '../shared/data/access-log.gz');
  return existsSync(file) ? file : null;
}

/** A folder of its own, with a way to put files in and to be rid of it. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'signals-replay-'));
  return {
    path,
    async put(name: string, content: string | Buffer): Promise<string> {
      const file = join(path, name);
      await writeFile(file, content);
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A captured output and the rest of what a command may touch. */
export function fakeIo(
  options: { readonly now?: Date; readonly isTTY?: boolean; readonly env?: Record<string, string> } = {},
) {
  const written = { stdout: '', stderr: '' };
  const io = {
    env: options.env ?? {},
    stdout: {
      write(text: string) {
        written.stdout += text;
      },
    },
    stderr: { write: (text: string) => (written.stderr += text), isTTY: options.isTTY ?? false },
    fetch: globalThis.fetch,
    now: () => options.now ?? new Date('2026-03-10T15:00:00Z'),
  };
  return { io, written };
}

/** One line of a log in combined format; every part can be had otherwise. */
export function logLine(
  parts: Partial<Record<'address' | 'time' | 'request' | 'status' | 'referrer' | 'userAgent', string>> = {},
): string {
  const line = {
    address: '203.0.113.7',
    time: '17/May/2015:10:05:03 +0000',
    request: 'GET /blog/geekery?page=2 HTTP/1.1',
    status: '200',
    referrer: '-',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:52.0) Gecko/20100101 Firefox/52.0',
    ...parts,
  };
  return `${line.address} - - [${line.time}] "${line.request}" ${line.status} 512 "${line.referrer}" "${line.userAgent}"`;
}

/** The lines of a text as an async source. */
export async function* linesOf(...lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
