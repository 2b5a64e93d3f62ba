import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maxLineLength, readLines, unpacked } from '../../src/leak-scan/read-lines.js';

async function collect(...chunks: Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(unpacked(Readable.from(chunks)))) lines.push(line);
  return lines;
}

const inPieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

it('gives the same lines however the bytes are cut, packed or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', 'ÿ', '\u001f') }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (lines, size, end, packed) => {
        const bytes = Buffer.from(lines.map((line) => line + end).join(''), 'latin1');
        expect(await collect(...inPieces(packed ? gzipSync(bytes) : bytes, size))).toEqual(lines);
      },
    ),
  );
});

it('reads a last line without an end, an empty file and an empty archive', async () => {
  expect(await collect(Buffer.from('a\nb'))).toEqual(['a', 'b']);
  expect(await collect(Buffer.alloc(0))).toEqual([]);
  expect(await collect()).toEqual([]);
  expect(await collect(gzipSync(''))).toEqual([]);
});

it('reads archives that were put one behind the other', async () => {
  expect(await collect(Buffer.concat([gzipSync('a\nb'), gzipSync('c\nd\n')]))).toEqual(['a', 'bc', 'd']);
});

it('cuts a line that does not end, and goes on with the next', async () => {
  const endless = Buffer.alloc(3 * maxLineLength, 'x');
  const lines = await collect(...inPieces(Buffer.concat([endless, Buffer.from('\nnext\n')]), 10_000));
  expect(lines.map((line) => line.length)).toEqual([maxLineLength, 4]);
});

it('rejects for a damaged archive instead of stopping quietly', async () => {
  const packed = gzipSync(Buffer.alloc(1_000_000, 'line\n'));
  await expect(collect(packed.subarray(0, packed.length / 2))).rejects.toThrow();
});

it('rejects when the file cannot be read', async () => {
  const source = Readable.from(
    (async function* () {
      yield Buffer.from('a\n');
      throw new Error('bad sector');
    })(),
  );
  await expect(async () => {
    for await (const _line of readLines(unpacked(source))) {
      // Only reading matters.
    }
  }).rejects.toThrow('bad sector');
});

it('lets go of a packed file that is not read to the end', async () => {
  const source = Readable.from(
    inPieces(
      gzipSync(Buffer.from(Array.from({ length: 90_000 }, (_, index) => String(index)).join('\n'))),
      1_000,
    ),
  );
  for await (const line of readLines(unpacked(source))) {
    expect(line).toBe('0');
    break;
  }
  expect(source.destroyed).toBe(true);
});
