import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineHashes } from '../../../src/sdk/capture/line-hashes.js';
import { FakeModel } from './fake-editor.js';

const key = [7, 8] as const;
const fresh = (text: string) => createLineHashes(key, new FakeModel(text))(1, 0);

function linesOf({ changes }: ReturnType<FakeModel['edit']>): readonly [number, number] {
  return [
    Math.min(...changes.map(({ range }) => range.startLineNumber)),
    Math.max(...changes.map(({ range }) => range.endLineNumber)),
  ];
}

const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 6 });
const cut = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 5 }),
  text: piece,
});

it('has the hash of the whole text after any edits, by one cursor or several', () => {
  fc.assert(
    fc.property(
      piece,
      fc.array(fc.array(cut, { minLength: 1, maxLength: 3 }), { maxLength: 20 }),
      (start, edits) => {
        const model = new FakeModel(start);
        const hashes = createLineHashes(key, model);
        expect(hashes(1, 0)).toBe(fresh(start));
        for (const cuts of edits) {
          let free = 0;
          const splices = cuts
            .map(({ at, length, text }) => ({ offset: Math.floor(at * model.text.length), length, text }))
            .sort((one, other) => one.offset - other.offset)
            .flatMap((splice) => {
              const offset = Math.max(splice.offset, free);
              const length = Math.min(splice.length, model.text.length - offset);
              free = offset + length + 1;
              return length < 0 ? [] : [{ ...splice, offset, length }];
            });
          const lines = linesOf(model.edit(splices));
          expect(hashes(...lines)).toBe(fresh(model.text));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

it('tells apart texts of the same lines in another order, or cut elsewhere', () => {
  const texts = ['', '\n', 'ab', 'a\nb', 'b\na', 'a\n\nb', 'a\nb\n', '\na\nb', 'x\n\ny\n\nz', 'x\n\nz\n\ny'];
  expect(new Set(texts.map(fresh)).size).toBe(texts.length);
});

it('reads the lines that were touched, not the whole text', () => {
  const model = new FakeModel('line\n'.repeat(500));
  const hashes = createLineHashes(key, model);
  hashes(1, 0);
  model.linesRead = 0;
  hashes(...linesOf(model.edit([{ offset: 1_000, length: 1, text: 'x\ny' }])));
  expect(model.linesRead).toBe(2);
});

it('reads everything again when the text has moved on behind its back', () => {
  const model = new FakeModel('a\nb\nc');
  const hashes = createLineHashes(key, model);
  hashes(1, 0);
  const first = model.edit([{ offset: 0, length: 1, text: 'x\ny' }]);
  const second = model.edit([{ offset: 6, length: 1, text: 'z' }]);
  expect(hashes(...linesOf(first))).toBe(fresh('x\ny\nb\nz'));
  expect(hashes(...linesOf(second))).toBe(fresh('x\ny\nb\nz'));
  expect(hashes(...linesOf(model.edit([{ offset: 0, length: 1, text: '' }])))).toBe(fresh('\ny\nb\nz'));
});

it('finds its way again after the model threw', () => {
  const model = new FakeModel('a\nb');
  const hashes = createLineHashes(key, model);
  hashes(1, 0);
  model.edit([{ offset: 0, length: 0, text: 'x' }]);
  expect(() => hashes(1, 9)).toThrow(RangeError);
  expect(hashes(...linesOf(model.edit([{ offset: 3, length: 0, text: 'y' }])))).toBe(fresh('xa\nyb'));
});

it('has no hash for a text above 500,000 units, and one again below', () => {
  const model = new FakeModel('x'.repeat(500_000));
  const hashes = createLineHashes(key, model);
  expect(hashes(1, 0)).not.toBeNull();
  model.linesRead = 0;
  model.edit([{ offset: 0, length: 0, text: 'x' }]);
  expect(hashes(1, 1)).toBeNull();
  expect(model.linesRead).toBe(0);
  model.edit([{ offset: 0, length: 500_000, text: '' }]);
  expect(hashes(1, 1)).toBe(fresh('x'));
});
