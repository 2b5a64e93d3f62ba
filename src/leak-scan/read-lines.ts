import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A line longer than this (64 KiB; Apache's own limits make about 25) is cut there, so that a file without line ends is no danger. */
export const maxLineLength = 65_536;

/**
 * The bytes of a file, unpacked where it begins with the magic bytes of gzip (RFC 1952), whatever its name;
 * several members one after the other are one file. Rejects where reading or unpacking does.
 */
export async function* unpacked(source: Readable): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let first = Buffer.alloc(0);
  while (first.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    first = Buffer.concat([first, next.value]);
  }
  const whole = prepend(first, chunks);
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  const fed = feed(whole, gunzip);
  try {
    for await (const chunk of gunzip) yield chunk;
    await fed;
  } finally {
    gunzip.destroy();
    source.destroy();
  }
}

async function* prepend(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Its errors come out of the unpacking side. */
async function feed(chunks: AsyncIterable<Buffer>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(chunk)) await drained(gunzip);
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error('unreadable'));
  }
}

function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

/**
 * Lines of a byte stream, one character per byte, without line ends (LF or CR LF). A last line without an
 * end counts; an empty line is a line.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = chunk.toString('latin1').split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      yield tidy(rest + part);
      rest = '';
    }
    // One character over the limit is kept, so that a line that was cut is seen to be too long.
    rest = (rest + last).slice(0, maxLineLength + 1);
  }
  if (rest !== '') yield tidy(rest);
}

function tidy(line: string): string {
  const cut = line.length > maxLineLength ? line.slice(0, maxLineLength) : line;
  return cut.endsWith('\r') ? cut.slice(0, -1) : cut;
}
