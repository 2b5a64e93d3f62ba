import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppendVerdict } from '../../../src/domain/ports/index.js';
import type { FailureKind } from '../../../src/store/commit/failure-kind.js';
import { createGroupCommit } from '../../../src/store/commit/group-commit.js';
import type { GroupCommitLimits } from '../../../src/store/commit/limits.js';

interface Row {
  readonly id: string;
  readonly group: string;
  readonly bytes: number;
  readonly content: string;
  readonly poisoned: boolean;
}

function failure(kind: FailureKind): Error & { readonly kind: FailureKind } {
  return Object.assign(new Error(kind), { kind });
}

type Fault = 'none' | 'transient' | 'final' | 'lost answer';

const row = (id: string, content = id, poisoned = false): Row => ({
  id,
  group: 'today',
  content,
  poisoned,
  bytes: 10,
});
const rowOf = (group: string, id: string, content = id): Row => ({ ...row(id, content), group });
const rows = (count: number): Row[] => Array.from({ length: count }, (_, n) => row(`row ${n}`));
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** An engine with one table, whose faults a test names in advance, statement by statement. */
function fakeEngine(faults: readonly Fault[] = []) {
  const table = new Map<string, string>();
  const statements: string[][] = [];
  const write = async (batch: readonly Row[]): Promise<ReadonlySet<string>> => {
    const fault = faults[statements.length] ?? 'none';
    statements.push(batch.map(({ id }) => id));
    if (new Set(batch.map(({ id }) => id)).size < batch.length)
      throw new Error('an id twice in one statement');
    if (fault === 'transient' || fault === 'final') throw failure(fault);
    if (batch.some(({ poisoned }) => poisoned)) throw failure('row');
    const fresh = batch.filter(({ id }) => !table.has(id));
    for (const { id, content } of fresh) table.set(id, content);
    if (fault === 'lost answer') throw failure('transient');
    return new Set(fresh.map(({ id }) => id));
  };
  return { table, statements, write };
}

const classify = (error: unknown): FailureKind => (error as { kind?: FailureKind }).kind ?? 'final';

function committer(
  engine: { write: (batch: readonly Row[]) => Promise<ReadonlySet<string>> },
  limits: Partial<GroupCommitLimits> = {},
) {
  return createGroupCommit<Row, Row>({ prepare: (item) => item, write: engine.write, classify, limits });
}

/** A writer that commits only when it is told to. */
function heldEngine() {
  const engine = fakeEngine();
  const waiting: (() => void)[] = [];
  const write = async (batch: readonly Row[]) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return engine.write(batch);
  };
  return { ...engine, write, waiting, release: () => waiting.shift()?.() };
}

describe('what goes into one statement', () => {
  it('joins the calls of one moment', async () => {
    const engine = fakeEngine();
    const { append } = committer(engine);
    await Promise.all(rows(40).map((one) => append([one])));
    expect(engine.statements.map((ids) => ids.length)).toEqual([40]);
  });

  it('gathers calls while a statement is in flight, and writes them together next', async () => {
    const engine = heldEngine();
    const { append } = committer(engine);
    const [first, ...others] = rows(30);
    const answers = [append(first ? [first] : [])];
    await tick();
    answers.push(...others.map((one) => append([one])));
    await tick();
    expect(engine.waiting).toHaveLength(1);
    engine.release();
    await tick();
    engine.release();
    expect((await Promise.all(answers)).flat().filter((verdict) => verdict === 'ACCEPTED')).toHaveLength(30);
    expect(engine.statements.map((ids) => ids.length)).toEqual([1, 29]);
  });

  it.each([
    { calls: [200, 200, 200], maxRows: 500, statements: [400, 200] },
    { calls: [499, 1, 1], maxRows: 500, statements: [500, 1] },
    { calls: [1, 500, 1], maxRows: 500, statements: [1, 500, 1] },
    { calls: [1_100], maxRows: 500, statements: [500, 500, 100] },
  ])('keeps a call whole where it can: $calls become $statements', async ({ calls, maxRows, statements }) => {
    const engine = fakeEngine();
    const { append } = committer(engine, { maxRows });
    const all = rows(calls.reduce((sum, count) => sum + count, 0));
    await Promise.all(calls.map((count) => append(all.splice(0, count))));
    expect(engine.statements.map((ids) => ids.length)).toEqual(statements);
  });

  it('closes a statement at its bytes, but never cuts a call for them', async () => {
    const engine = fakeEngine();
    const { append } = committer(engine, { maxStatementBytes: 100 });
    const all = rows(30);
    await Promise.all([append(all.slice(0, 6)), append(all.slice(6, 10)), append(all.slice(10))]);
    expect(engine.statements.map((ids) => ids.length)).toEqual([10, 20]);
  });

  it('writes the oldest first, whatever their size', async () => {
    const engine = fakeEngine();
    const { append } = committer(engine, { maxRows: 10 });
    const all = rows(27);
    await Promise.all([
      append(all.slice(0, 9)),
      append(all.slice(9, 18)),
      ...all.slice(18).map((one) => append([one])),
    ]);
    expect(engine.statements.flat()).toEqual(all.map(({ id }) => id));
  });

  it('keeps as many statements in flight as there are lanes, and no more', async () => {
    const engine = heldEngine();
    const { append } = committer(engine, { lanes: 2, maxRows: 1 });
    const answers = rows(5).map((one) => append([one]));
    await tick();
    expect(engine.waiting).toHaveLength(2);
    for (let n = 0; n < 5; n += 1) {
      engine.release();
      await tick();
    }
    expect((await Promise.all(answers)).flat()).toEqual(Array(5).fill('ACCEPTED'));
  });

  it('answers an empty call without a statement', async () => {
    const engine = fakeEngine();
    expect(await committer(engine).append([])).toEqual([]);
    expect(engine.statements).toEqual([]);
  });
});

describe('verdicts', () => {
  it('accepts the first of equal ids in a statement and calls the others duplicates', async () => {
    const engine = fakeEngine();
    const { append } = committer(engine);
    const verdicts = await Promise.all([
      append([row('a', 'first'), row('a', 'second'), row('b')]),
      append([row('a')]),
    ]);
    expect(verdicts).toEqual([['ACCEPTED', 'DUPLICATE', 'ACCEPTED'], ['DUPLICATE']]);
    expect(engine.table.get('a')).toBe('first');
  });

  it('lets a poisoned row cost only itself', async () => {
    const engine = fakeEngine();
    const all = rows(100).map((one, n) => ({ ...one, poisoned: n === 37 }));
    const verdicts = await committer(engine).append(all);
    expect(verdicts[37]).toBe('UNSTORABLE');
    expect(verdicts.filter((verdict) => verdict === 'ACCEPTED')).toHaveLength(99);
    // Halving: the whole, then two statements for each of the seven times that 100 can be halved.
    expect(engine.statements.length).toBeLessThanOrEqual(15);
  });

  it('stores the second of two rows with one id when the first cannot be stored', async () => {
    const engine = fakeEngine();
    const verdicts = await committer(engine).append([
      row('a', 'bad', true),
      row('a', 'good'),
      row('a', 'late'),
    ]);
    expect(verdicts).toEqual(['UNSTORABLE', 'ACCEPTED', 'DUPLICATE']);
    expect(engine.table.get('a')).toBe('good');
  });

  it('makes an item that cannot be prepared UNSTORABLE, and only that one', async () => {
    const engine = fakeEngine();
    const { append } = createGroupCommit<Row, Row>({
      ...engine,
      classify,
      prepare: (item) => {
        if (item.poisoned) throw new RangeError('too deep');
        return item;
      },
    });
    expect(await append([row('a'), row('b', 'b', true)])).toEqual(['ACCEPTED', 'UNSTORABLE']);
  });

  it.each<{ faults: Fault[]; verdict: AppendVerdict; statements: number }>([
    { faults: ['transient'], verdict: 'ACCEPTED', statements: 2 },
    { faults: ['transient', 'transient'], verdict: 'UNAVAILABLE', statements: 2 },
    { faults: ['final'], verdict: 'UNAVAILABLE', statements: 1 },
    { faults: ['lost answer'], verdict: 'DUPLICATE', statements: 2 },
  ])('after $faults says $verdict', async ({ faults, verdict, statements }) => {
    const engine = fakeEngine(faults);
    expect(await committer(engine).append([row('a')])).toEqual([verdict]);
    expect(engine.statements).toHaveLength(statements);
  });

  it('does not try the other parts when the store goes away while it looks for a bad row', async () => {
    const engine = fakeEngine(['none', 'final']);
    const verdicts = await committer(engine).append(
      rows(64).map((one, n) => ({ ...one, poisoned: n === 63 })),
    );
    expect(new Set(verdicts)).toEqual(new Set(['UNAVAILABLE']));
    expect(engine.statements).toHaveLength(2);
  });

  it('goes on after an outage', async () => {
    const { append } = committer(fakeEngine(['final']));
    expect(await append([row('a')])).toEqual(['UNAVAILABLE']);
    expect(await append([row('a')])).toEqual(['ACCEPTED']);
  });
});

describe('groups', () => {
  it('never share a statement, and the oldest row goes first', async () => {
    const engine = fakeEngine();
    const { append } = committer(engine);
    await Promise.all([
      append([rowOf('today', 'a'), rowOf('yesterday', 'b'), rowOf('today', 'c')]),
      append([rowOf('yesterday', 'd')]),
      append([rowOf('today', 'e')]),
    ]);
    expect(engine.statements).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
  });

  it('answer in the order of the call', async () => {
    const engine = fakeEngine();
    const { append } = committer(engine);
    await append([rowOf('yesterday', 'b')]);
    expect(
      await append([rowOf('today', 'a'), rowOf('yesterday', 'b'), rowOf('before', 'c'), rowOf('today', 'a')]),
    ).toEqual(['ACCEPTED', 'DUPLICATE', 'ACCEPTED', 'DUPLICATE']);
  });

  it('keep the first of two rows with one id, whatever day the second claims', async () => {
    const engine = fakeEngine();
    const verdicts = await committer(engine, { lanes: 2 }).append([
      rowOf('today', 'x'),
      rowOf('yesterday', 'a', 'first'),
      rowOf('today', 'a', 'second'),
    ]);
    expect(verdicts).toEqual(['ACCEPTED', 'ACCEPTED', 'DUPLICATE']);
    expect(engine.table.get('a')).toBe('first');
  });

  it('are written in as many statements as there are days, however the calls are mixed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }), { maxLength: 12 }),
        async (calls) => {
          const engine = fakeEngine();
          const { append } = committer(engine);
          const made = calls.map((days, call) =>
            days.map((day, place) => rowOf(`day ${day}`, `${day} ${call} ${place}`)),
          );
          const answers = await Promise.all(made.map((rows) => append(rows)));
          expect(answers.flat().every((verdict) => verdict === 'ACCEPTED')).toBe(true);
          const days = engine.statements.map((ids) => new Set(ids.map((id) => id.split(' ')[0])));
          expect(days.every(({ size }) => size === 1)).toBe(true);
          expect(engine.statements).toHaveLength(new Set(calls.flat()).size);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('bounded memory', () => {
  it('takes what there is room for, and refuses the rest as OVERLOADED', async () => {
    const engine = heldEngine();
    const { append, pending } = committer(engine, { maxPending: 3 });
    const answers = [append(rows(2)), append(rows(5).slice(2))];
    await tick();
    expect(pending()).toBe(3);
    engine.release();
    expect(await Promise.all(answers)).toEqual([
      ['ACCEPTED', 'ACCEPTED'],
      ['ACCEPTED', 'OVERLOADED', 'OVERLOADED'],
    ]);
    expect(pending()).toBe(0);
  });

  it('counts bytes too', async () => {
    const verdicts = await committer(fakeEngine(), { maxPendingBytes: 25 }).append(rows(3));
    expect(verdicts).toEqual(['ACCEPTED', 'ACCEPTED', 'OVERLOADED']);
  });

  it('does not serialise what it has no room for', async () => {
    let prepared = 0;
    const prepare = (item: Row): Row => {
      prepared += 1;
      return item;
    };
    const engine = fakeEngine();
    await createGroupCommit<Row, Row>({ ...engine, prepare, classify, limits: { maxPending: 10 } }).append(
      rows(1_000),
    );
    expect(prepared).toBe(10);
  });

  it('has room again when statements have ended, also failed ones', async () => {
    const { append, pending } = committer(fakeEngine(['final']), { maxPending: 2 });
    expect(await append(rows(2))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(pending()).toBe(0);
    expect(await append(rows(2))).toEqual(['ACCEPTED', 'ACCEPTED']);
  });
});

describe('drain', () => {
  it('waits for what was taken and takes nothing more', async () => {
    const engine = heldEngine();
    const { append, drain } = committer(engine);
    const taken = append([row('a')]);
    await tick();
    let over = false;
    const drained = drain().then(() => {
      over = true;
    });
    expect(await append([row('b')])).toEqual(['UNAVAILABLE']);
    expect(over).toBe(false);
    engine.release();
    expect(await taken).toEqual(['ACCEPTED']);
    await drained;
    expect([...engine.table.keys()]).toEqual(['a']);
  });

  it('ends at once when nothing was taken', async () => {
    await expect(committer(fakeEngine()).drain()).resolves.toBeUndefined();
  });
});

const arbitraryRow = fc.record({
  group: fc.constantFrom('today', 'yesterday'),
  id: fc.constantFrom(...'abcdefgh'),
  content: fc.string({ maxLength: 3 }),
  poisoned: fc.constant(false),
  bytes: fc.constant(10),
});
const arbitraryCalls = fc.array(fc.array(arbitraryRow, { maxLength: 6 }), { maxLength: 12 });
const arbitraryLimits = fc.record({
  maxRows: fc.integer({ min: 1, max: 9 }),
  lanes: fc.integer({ min: 1, max: 3 }),
});

/** A client that sends again whatever was UNAVAILABLE; answers the last word on every row. */
async function sendUntilAnswered({ append, pending }: ReturnType<typeof committer>, calls: Row[][]) {
  const last: { id: string; verdict: AppendVerdict | undefined }[] = [];
  for (let left = calls; left.length > 0; ) {
    const verdicts = await Promise.all(left.map(append));
    expect(pending()).toBe(0);
    const said = left.flatMap((call, at) => call.map((one, n) => ({ one, verdict: verdicts[at]?.[n] })));
    const again = said.filter(({ verdict }) => verdict === 'UNAVAILABLE').map(({ one }) => one);
    for (const { one, verdict } of said) if (verdict !== 'UNAVAILABLE') last.push({ id: one.id, verdict });
    left = again.length > 0 ? [again] : [];
  }
  return last;
}

describe('for every interleaving, split, order and repetition', () => {
  it('stores each id once, accepts it once, and keeps the content that was accepted', () =>
    fc.assert(
      fc.asyncProperty(arbitraryCalls, arbitraryLimits, fc.scheduler(), async (calls, limits, scheduler) => {
        const engine = fakeEngine();
        const { append } = committer({ write: scheduler.scheduleFunction(engine.write) }, limits);
        const verdicts = await scheduler.waitFor(Promise.all(calls.map(append)));
        const said = calls.flatMap((call, at) =>
          call.map((one, n) => ({ ...one, verdict: verdicts[at]?.[n] })),
        );
        const accepted = said.filter(({ verdict }) => verdict === 'ACCEPTED');
        expect(Object.fromEntries(accepted.map(({ id, content }) => [id, content]))).toEqual(
          Object.fromEntries(engine.table),
        );
        expect(accepted).toHaveLength(engine.table.size);
        expect(new Set(engine.table.keys())).toEqual(new Set(said.map(({ id }) => id)));
        expect(said.every(({ verdict }) => verdict === 'ACCEPTED' || verdict === 'DUPLICATE')).toBe(true);
      }),
    ));

  it('never says stored of what is not, whatever fails, and a client that retries loses nothing', () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryCalls,
        arbitraryLimits,
        fc.array(fc.constantFrom<Fault>('none', 'transient', 'final', 'lost answer'), { maxLength: 30 }),
        fc.constantFrom(...'abcdefgh', null),
        async (calls, limits, faults, poison) => {
          const engine = fakeEngine(faults);
          const wanted = calls.map((call) => call.map((one) => ({ ...one, poisoned: one.id === poison })));
          const said = await sendUntilAnswered(committer(engine, limits), wanted);
          const idsWith = (verdict: AppendVerdict) =>
            said.filter((one) => one.verdict === verdict).map(({ id }) => id);
          const accepted = idsWith('ACCEPTED');
          expect(new Set(accepted).size).toBe(accepted.length);
          for (const id of [...accepted, ...idsWith('DUPLICATE')]) expect(engine.table.has(id)).toBe(true);
          for (const id of idsWith('UNSTORABLE')) expect(id).toBe(poison);
          const storable = wanted.flat().filter(({ poisoned }) => !poisoned);
          expect(new Set(engine.table.keys())).toEqual(new Set(storable.map(({ id }) => id)));
        },
      ),
    ));
});
