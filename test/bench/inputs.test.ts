import { describe, expect, it } from 'vitest';
import { readAnswer } from './http-client.js';
import { help, readOptions } from './options.js';

const withLength = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nx: y\r\n\r\n{"a":1}';
const chunked = 'HTTP/1.1 503 Gone\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';

describe('reading a response', () => {
  it('answers status and body', () => {
    expect(readAnswer(withLength)).toEqual({ status: 200, body: '{"a":1}' });
  });

  it('takes a chunked body as it comes', () => {
    expect(readAnswer(chunked)).toMatchObject({ status: 503, body: expect.stringContaining('{}') });
  });

  it.each([
    ['a length', withLength],
    ['chunks', chunked],
  ])('with %s waits for the last byte, wherever it is cut', (_what, whole) => {
    for (let end = 0; end < whole.length; end++) expect(readAnswer(whole.slice(0, end))).toBeNull();
  });
});

describe('the options', () => {
  it('ask for every part unless some are named', () => {
    expect(readOptions([])?.parts).toEqual(['start', 'load', 'storage', 'steps', 'client']);
    expect(readOptions(['--only', 'steps', '--only', 'load'])?.parts).toEqual(['load', 'steps']);
  });

  it('measure the order of ids only when that is named, with as many rows as are wanted', () => {
    expect(readOptions(['--only', 'ids'])).toMatchObject({ parts: ['ids'], plan: { idRows: 10_000_000 } });
    expect(readOptions(['--only', 'ids', '--quick'])?.plan.idRows).toBe(20_000);
    expect(readOptions(['--only', 'ids', '--rows', '200000'])?.plan.idRows).toBe(200_000);
    expect(help).toContain('--only ids');
  });

  it('make a quick run shorter', () => {
    const quick = readOptions(['--quick', '--json']);
    const full = readOptions([]);
    expect(quick).toMatchObject({ quick: true, json: true });
    expect(quick?.plan.measureMs).toBeLessThan(full?.plan.measureMs ?? 0);
  });

  it.each([
    ['--only', 'nothing'],
    ['--fast'],
    ['word'],
    ['--rows', '200000'],
    ['--only', 'ids', '--rows', '999'],
    ['--only', 'ids', '--rows', '1e6'],
    ['--only', 'ids', '--rows', '-5000'],
  ])('refuse %s %s %s %s', (...argv) => {
    expect(readOptions(argv)).toBeNull();
  });
});
