import { describe, expect, it } from 'vitest';
import { classifyFailure, failureCode } from '../../../src/store/engine/sql-failure.js';

const failure = (code: unknown): Error =>
  Object.assign(new Error('a value, such as alice@example.org'), { code });

describe('what a failed statement means', () => {
  it.each([
    ['22021', 'row', 'NUL in a text'],
    ['22P02', 'row', 'half a surrogate pair in JSON'],
    ['22P05', 'row', 'an escaped NUL in JSON'],
    ['23502', 'row', 'a missing value'],
    ['54000', 'row', 'a value too long for its index'],
    ['42P01', 'final', 'no such table: not migrated'],
    ['42501', 'final', 'no permission'],
    ['28P01', 'final', 'wrong password'],
    ['3D000', 'final', 'no such database'],
    ['25006', 'final', 'read-only'],
    ['53100', 'final', 'disk full'],
    ['55P03', 'final', 'lock timeout'],
    ['57014', 'final', 'statement timeout'],
    ['query_timeout', 'final', 'no answer'],
    ['57P01', 'transient', 'backend terminated'],
    ['57P03', 'transient', 'starting up'],
    ['08006', 'transient', 'connection failure'],
    ['40001', 'transient', 'serialisation failure'],
    ['40P01', 'transient', 'deadlock'],
    ['53300', 'transient', 'too many connections'],
    ['ECONNREFUSED', 'transient', 'nobody listens'],
    ['ECONNRESET', 'transient', 'cut'],
    [undefined, 'transient', 'the driver says nothing more'],
  ])('%s is %s: %s', (code, kind, _meaning) => {
    expect(classifyFailure(failure(code))).toBe(kind);
  });

  it.each([null, undefined, 'text', 42, {}, { code: 22021 }])('never throws (%s)', (thrown) => {
    expect(classifyFailure(thrown)).toBe('transient');
    expect(failureCode(thrown)).toBe(null);
  });

  it('gives away codes only', () => {
    expect(failureCode(failure('23505'))).toBe('23505');
    expect(failureCode(failure('Key (id)=(alice@example.org) already exists'))).toBe(null);
  });
});
